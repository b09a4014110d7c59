import { useEffect, useRef } from 'react';
import { codeText } from '../../texts/problem-text.ts';
import { type Texts, usePageTexts } from '../../texts/texts.tsx';
import { useAction } from '../../ui/use-action.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useCameraHealth } from './use-camera-health.ts';

/** Whether the camera sees: how it is, and one picture as soon as it has one. */
export function PictureStep({ step, ask, api, choices, still, onNext, onBack }: StepProps) {
  const texts = usePageTexts<typeof setupEn>();
  const { t } = texts;
  const action = useAction();
  const health = useCameraHealth(ask, api.site, String(choices.camera ?? ''));
  const status = health?.status ?? 'starting';
  const sees = status === 'ok' || status === 'degraded';
  const reason = t('setup.stillReason');
  const asked = useRef(still.url !== null);
  const { take } = still;
  useEffect(() => {
    if (!sees || asked.current) return;
    asked.current = true;
    void take(reason);
  }, [sees, take, reason]);
  return (
    <StepFrame {...{ step, action, onBack }} onSubmit={() => onNext()}>
      <p
        className={status === 'lost' ? 'notice problem' : 'notice'}
        role="status"
        data-testid="camera-status"
        data-status={status}
        data-error={health?.error}
      >
        {t(`setup.cameraIs.${status}`)}
        {health?.error !== undefined && status !== 'ok' && ` ${codeText(texts as Texts, health.error)}`}
      </p>
      {health?.error === 'edge.camera_password' && onBack && (
        <button type="button" className="button" onClick={onBack} data-testid="setup-mend">
          {t('setup.mendPassword')}
        </button>
      )}
      {still.url !== null && (
        <img className="site-still" src={still.url} alt={t('setup.pictureAlt')} data-testid="setup-still" />
      )}
      <p className="problem" role="alert" data-testid="still-problem">
        {still.action.problem}
      </p>
      {sees && (
        <button
          type="button"
          className="button"
          data-pending={still.action.busy || undefined}
          onClick={() => void take(reason)}
          data-testid="setup-still-again"
        >
          {t(still.url === null ? 'setup.take' : 'setup.takeAgain')}
        </button>
      )}
      <p className="muted">{t('setup.stillKept')}</p>
    </StepFrame>
  );
}
