import type { Site } from '@watchpost/contracts/site';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { clockTime } from '../../texts/time-text.ts';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { usePosition } from './use-position.ts';

export interface PositionSwitchProps {
  readonly ask: Ask;
  readonly siteId: string;
  readonly site: Site | null;
}

/** Whether one’s position is shown, to whom and how long, and the switch that is the consent. */
export function PositionSwitch({ ask, siteId, site }: PositionSwitchProps) {
  const { t, language, number } = usePageTexts<typeof responseEn>();
  const { own, isOn, hindrance, turn, action } = usePosition(ask, siteId);
  const { position } = own ?? {};
  return (
    <section className="managed-part" aria-label={t('response.position')}>
      <h3>{t('response.position')}</h3>
      <p className="muted">{t('response.positionLead', { minutes: number(own?.keptMinutes ?? 0) })}</p>
      <p className="problem" role="alert" data-testid="position-problem">
        {action.problem}
      </p>
      <div role="status" data-testid="position-state" data-on={isOn || undefined}>
        {isOn ? (
          <>
            <p className="response-shown">{t('response.positionOn')}</p>
            <p className="muted">
              {position
                ? t('response.positionSent', {
                    time: clockTime(Date.parse(position.at), site?.timeZone, language),
                    metres: number(Math.round(position.accuracyM)),
                  })
                : t('response.positionWaits')}
            </p>
          </>
        ) : (
          <p>{t('response.positionOff')}</p>
        )}
      </div>
      {hindrance !== null && (
        <p className="notice" data-testid="position-hindrance">
          {t(`response.hindrance.${hindrance}`)}
        </p>
      )}
      {own && !own.onDuty && !isOn && <p data-testid="position-off-duty">{t('response.positionOffDuty')}</p>}
      {own &&
        (isOn ||
          own.consentedAt !== null ||
          (own.onDuty && hindrance !== 'insecure' && hindrance !== 'browser')) && (
          <button
            type="button"
            role="switch"
            aria-checked={isOn}
            className={`button ${isOn ? '' : 'button-primary'}`}
            onClick={() => void turn(!isOn)}
            data-testid="position-switch"
          >
            {t('response.positionSwitch')}
          </button>
        )}
    </section>
  );
}
