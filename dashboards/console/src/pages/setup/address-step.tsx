import { usePageTexts } from '../../texts/texts.tsx';
import { useAction } from '../../ui/use-action.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';

/** Under what address the server answers, and whether what is typed here stays between the two. */
export function AddressStep({ step, onNext, onBack }: StepProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const isSecure = globalThis.isSecureContext && location.protocol === 'https:';
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(location.hostname);
  return (
    <StepFrame {...{ step, action, onBack }} onSubmit={() => onNext()}>
      <dl className="facts">
        <div>
          <dt>{t('setup.addressIs')}</dt>
          <dd className="mono" data-testid="setup-address">
            {location.origin}
          </dd>
        </div>
        <div>
          <dt>{t('setup.connection')}</dt>
          <dd data-testid="setup-secure" data-secure={isSecure}>
            {t(isSecure ? 'setup.secure' : isLocal ? 'setup.local' : 'setup.insecure')}
          </dd>
        </div>
      </dl>
      {isLocal && <p className="notice">{t('setup.onlyHere')}</p>}
      {isSecure && (
        <>
          <p>{t('setup.certificate')}</p>
          <p>
            <a className="button" href="/ca.crt" download>
              {t('setup.certificateGet')}
            </a>
          </p>
        </>
      )}
      <p className="muted">{t('setup.guide')}</p>
    </StepFrame>
  );
}
