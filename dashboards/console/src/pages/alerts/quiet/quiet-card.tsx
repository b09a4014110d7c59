import type { Alert, Suppression } from '@watchpost/contracts/alert';
import type { AlertDetail } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import type { Ask } from '../../../api/ask.ts';
import { newId } from '../../../api/new-id.ts';
import { siteClock } from '../../../live/site-clock.ts';
import { managedAddress } from '../../../routes/place.ts';
import { deviceName } from '../../../texts/alert-texts.ts';
import { usePageTexts, useTexts } from '../../../texts/texts.tsx';
import { minuteTime } from '../../../texts/time-text.ts';
import { AskFirst } from '../../../ui/ask-first.tsx';
import { LongField } from '../../../ui/field.tsx';
import { LineSign, signPaths } from '../../../ui/signs.tsx';
import type { silencesEn } from '../../../ui/silences/texts-en.ts';
import { useAction } from '../../../ui/use-action.ts';

export interface QuietCardProps {
  readonly ask: Ask;
  readonly alert: Alert;
  readonly site: Site | null;
  readonly mayDecide: boolean;
  readonly onChanged: (detail: AlertDetail) => void;
}

const unresolved: readonly Alert['state'][] = ['open', 'acknowledged', 'in_progress'];

const inMinutes = (minutes: number): string => new Date(siteClock.nowMs() + minutes * 60_000).toISOString();

/** Why nobody is told of the alert, and what an officer may do about that. */
export function QuietCardPanel({ ask, alert, site, mayDecide, onChanged }: QuietCardProps) {
  const texts = useTexts();
  const { t } = usePageTexts<typeof silencesEn>();
  const action = useAction();
  const { suppressions = [] } = alert;
  const isSnoozed = suppressions.some(({ kind }) => kind === 'snooze');
  const mayChange = mayDecide && unresolved.includes(alert.state);
  if (suppressions.length === 0 && !mayChange) return null;
  const params = { id: alert.id };
  const step = async (answer: Promise<AlertDetail>) => onChanged(await answer);
  const seen = () => ({ id: newId(), version: alert.version });
  return (
    <section className="card quiet-card" aria-label={t('quiet.label')} data-testid="quiet-card">
      {suppressions.map((suppression) => (
        <Reason key={`${suppression.kind} ${suppression.ref}`} suppression={suppression} site={site} />
      ))}
      <p className="problem" role="alert" data-testid="quiet-problem">
        {action.problem}
      </p>
      <div className="steps-row">
        {mayChange && isSnoozed && (
          <button
            type="button"
            className="button"
            data-testid="quiet-undo"
            onClick={() =>
              void action.run(() => step(call(ask, 'POST /alerts/{id}/unsnooze', { params, body: seen() })))
            }
          >
            {t('quiet.undo')}
          </button>
        )}
        {mayChange && !isSnoozed && (
          <AskFirst
            {...{
              button: t('quiet.putOff'),
              testId: 'quiet-snooze',
              title: t('quiet.putOff'),
              danger: false,
            }}
            text={t('quiet.putOffText')}
            onConfirm={async (fields) => {
              const reason = String(fields.get('reason') ?? '').trim();
              const body = {
                ...{ ...seen(), until: inMinutes(Number(fields.get('minutes'))) },
                ...(reason === '' ? {} : { reason }),
              };
              await step(call(ask, 'POST /alerts/{id}/snooze', { params, body }));
            }}
          >
            <Duration minutes={[15, 30, 60, 240, 720]} />
            <LongField
              label={t('quiet.why')}
              {...{ name: 'reason', maxLength: 400 }}
              data-testid="quiet-snooze-reason"
            />
          </AskFirst>
        )}
        {mayChange && (
          <AskFirst
            {...{
              button: t('quiet.device'),
              testId: 'quiet-device',
              title: t('quiet.device'),
              danger: false,
            }}
            text={t('quiet.deviceText', { device: deviceName(texts, site, alert.device) })}
            onConfirm={async (fields) => {
              await call(ask, 'POST /silences', {
                query: { site: alert.site },
                body: {
                  id: newId(),
                  match: { zones: [alert.zone], devices: [alert.device], highest: 'critical' },
                  until: inMinutes(Number(fields.get('minutes'))),
                  reason: String(fields.get('reason') ?? ''),
                },
              });
            }}
          >
            <Duration minutes={[60, 240, 480, 1440]} />
            <LongField
              label={t('quiet.why')}
              {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
              data-testid="quiet-device-reason"
            />
          </AskFirst>
        )}
        {suppressions.some(({ kind }) => kind === 'silence') && (
          <a className="button" href={managedAddress('silences')} data-testid="quiet-show">
            {t('quiet.show')}
          </a>
        )}
      </div>
    </section>
  );
}

function Reason({
  suppression: { kind, by, until },
  site,
}: {
  readonly suppression: Suppression;
  readonly site: Site | null;
}) {
  const { t, language } = usePageTexts<typeof silencesEn>();
  const time = until === null ? '–' : minuteTime(until, site?.timeZone, language);
  return (
    <p className="quiet-reason" data-testid="quiet-reason">
      <LineSign path={signPaths.soundOff} />
      {t(`quiet.${kind}`, { who: by ?? '–', time })}
    </p>
  );
}

function Duration({ minutes }: { readonly minutes: readonly number[] }) {
  const { t } = usePageTexts<typeof silencesEn>();
  return (
    <label className="field">
      <span className="field-label">{t('quiet.for')}</span>
      <select className="field-input" name="minutes" defaultValue={60} data-testid="quiet-minutes">
        {minutes.map((count) => (
          <option key={count} value={count}>
            {count < 60 ? t('quiet.minutes', { count }) : t('quiet.hours', { count: count / 60 })}
          </option>
        ))}
      </select>
    </label>
  );
}
