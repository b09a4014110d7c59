import type { Alert } from '@watchpost/contracts/alert';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import { whatHappened } from '../../texts/alert-texts.ts';
import { codeText } from '../../texts/problem-text.ts';
import { type Texts, usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { fieldsOf, textOf } from '../../ui/site-file/file-value.ts';
import { useAction } from '../../ui/use-action.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useCameraHealth, useLooking } from './use-camera-health.ts';

/** Somebody walks up to the camera, and what it says appears here. */
export function WalkStep({ step, ask, api, view, choices, onNext, onBack }: StepProps) {
  const texts = usePageTexts<typeof setupEn>();
  const { t, language } = texts;
  const action = useAction();
  const camera = textOf(choices.camera);
  const health = useCameraHealth(ask, api.site, camera);
  const [first, setFirst] = useState<Alert | null>(null);
  const [look] = useState(() => async () => {
    const query = { site: api.site, device: camera, limit: 100 };
    const { alerts } = await call(ask, 'GET /alerts', { query });
    const newest = alerts.toSorted((a, b) => Date.parse(b.lastEventAt) - Date.parse(a.lastEventAt))[0];
    if (newest) setFirst(newest);
  });
  useLooking(look);
  const timeZone = textOf(fieldsOf(view.value).timeZone);
  return (
    <StepFrame
      {...{ step, action, onBack }}
      onSubmit={() => onNext()}
      label={t(first ? 'setup.next' : 'setup.skipWalk')}
    >
      <ul className="setup-ways">
        <li>{t('setup.walkCover')}</li>
        <li>{t('setup.walkCode')}</li>
        <li>{t('setup.walkLine')}</li>
      </ul>
      <div
        className="notice setup-first"
        role="status"
        data-testid="setup-first-event"
        data-alert={first?.id}
        data-event-type={first?.eventType}
      >
        {first ? (
          <>
            <b>{t('setup.firstEvent')}</b>
            <span>{whatHappened(texts as Texts, first.eventType, first.details)}</span>
            <span className="muted">{minuteTime(first.lastEventAt, timeZone || undefined, language)}</span>
          </>
        ) : (
          t('setup.waiting')
        )}
      </div>
      {health?.error !== undefined && health.status !== 'ok' && (
        <p className="muted" data-testid="walk-camera-error">
          {codeText(texts as Texts, health.error)}
        </p>
      )}
    </StepFrame>
  );
}
