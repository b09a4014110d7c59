import type { Silence, SilenceDetail } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useState } from 'react';
import { addressOf } from '../../routes/place.ts';
import { deviceName, whatHappened, zoneName } from '../../texts/alert-texts.ts';
import { usePageTexts, useTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Field, LongField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { LineSign, signPaths } from '../../ui/signs.tsx';
import type { silencesEn } from '../../ui/silences/texts-en.ts';
import { useAction } from '../../ui/use-action.ts';
import { kindText } from './covered-kinds.ts';

export interface SilenceItemProps extends Pick<ManagedPageProps, 'ask' | 'session'> {
  readonly silence: Silence;
  readonly site: Site | null;
  readonly onChanged: () => Promise<void>;
}

/** One silence: what it covers and hides, who wanted it, and what may be done with it. */
export function SilenceItem({ ask, session, silence, site, onChanged }: SilenceItemProps) {
  const { t, language } = usePageTexts<typeof silencesEn>();
  const { match, made, signed, ended, hours, state } = silence;
  const at = (time: string) => minuteTime(time, silence.timeZone, language);
  const days = hours?.weekdays.map((day) => t(`silences.weekday.${day as 1 | 2 | 3 | 4 | 5 | 6 | 7}`));
  return (
    <li data-testid="silence" data-state={state} data-id={silence.id}>
      <p>
        <LineSign path={signPaths.soundOff} /> <b>{t(`silences.state.${state}`)}</b>
        {silence.purpose === 'walk_test' && ` · ${t('silences.walk_test')}`} ·{' '}
        <Covered {...{ silence, site }} />
      </p>
      <p>{t('silences.until', { from: at(silence.from), until: at(silence.until) })}</p>
      {hours && days && (
        <p>{t('silences.hours', { days: days.join(', '), from: hours.from, to: hours.to })}</p>
      )}
      <p>{t('silences.by', { who: made.by || '–', reason: silence.reason })}</p>
      {match.danger && (
        <p className={signed ? '' : 'warn'} data-testid="silence-danger">
          {signed ? t('silences.danger', { who: signed.by || '–' }) : t('silences.unsigned')}
        </p>
      )}
      {ended && <p>{t('silences.endedBy', { who: ended.by || '–', reason: ended.reason })}</p>}
      <Hidden {...{ ask, silence, site }} />
      {state !== 'ended' && <Steps {...{ ask, session, silence, onChanged }} />}
    </li>
  );
}

function Covered({ silence, site }: Pick<SilenceItemProps, 'silence' | 'site'>) {
  const texts = useTexts();
  const { t } = usePageTexts<typeof silencesEn>();
  const { zones, devices, kinds, highest } = silence.match;
  const parts = [
    ...(zones ?? []).map((zone) => zoneName(texts, site, zone)),
    ...(devices ?? []).map((device) => deviceName(texts, site, device)),
    ...(kinds ?? []).map((kind) => texts.maybe(kindText(kind)) ?? kind),
  ];
  const name = site?.name[texts.language] ?? silence.site;
  const what = parts.length === 0 ? t('silences.everything') : parts.join(', ');
  return (
    <span data-testid="silence-covers">
      {name}: {what}, {t('silences.upTo', { severity: t(`severity.${highest}`) })}
    </span>
  );
}

function Hidden({ ask, silence, site }: Pick<SilenceItemProps, 'ask' | 'silence' | 'site'>) {
  const texts = useTexts();
  const { t } = usePageTexts<typeof silencesEn>();
  const action = useAction();
  const [detail, setDetail] = useState<SilenceDetail | null>(null);
  return (
    <>
      <p data-testid="silence-hides">
        {t('silences.hides', { count: silence.hides })} · {t('silences.hid', { count: silence.hid })}{' '}
        {silence.hid > 0 && detail === null && (
          <button
            type="button"
            className="button"
            data-testid="silence-show"
            onClick={() =>
              void action.run(async () =>
                setDetail(await call(ask, 'GET /silences/{id}', { params: { id: silence.id } })),
              )
            }
          >
            {t('silences.show')}
          </button>
        )}
      </p>
      <p className="problem" role="alert">
        {action.problem}
      </p>
      {detail && (
        <ul>
          {detail.alerts.map((alert) => (
            <li key={alert.id} data-testid="silence-alert">
              <a href={addressOf({ site: null, alert: alert.id, view: 'alerts', plan: null })}>
                {minuteTime(alert.openedAt, silence.timeZone, texts.language)}{' '}
                {whatHappened(texts, alert.eventType, alert.details, alert.device)},{' '}
                {zoneName(texts, site, alert.zone)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Steps({ ask, session, silence, onChanged }: Omit<SilenceItemProps, 'site'>) {
  const { t } = usePageTexts<typeof silencesEn>();
  const { id, version, match, signed, made } = silence;
  const may = (permission: 'silences.make' | 'silences.sign') =>
    session.sites.some(({ site, permissions }) => site === silence.site && permissions.includes(permission));
  const params = { id };
  const changed = async (step: Promise<unknown>) => {
    await step;
    await onChanged();
  };
  const why = (testId: string) => (
    <LongField
      label={t('silences.why')}
      {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
      data-testid={testId}
    />
  );
  return (
    <div className="steps-row">
      {may('silences.sign') && match.danger && !signed && made.account !== session.account && (
        <AskFirst
          {...{ button: t('silences.sign'), testId: 'silence-sign', title: t('silences.sign') }}
          text={t('silences.signText')}
          onConfirm={() => changed(call(ask, 'POST /silences/{id}/sign', { params, body: { version } }))}
        />
      )}
      {may('silences.make') && (
        <>
          <AskFirst
            {...{ button: t('silences.extend'), testId: 'silence-extend', title: t('silences.extend') }}
            {...{ text: t('silences.extendText'), danger: false }}
            onConfirm={(fields) =>
              changed(
                call(ask, 'POST /silences/{id}', {
                  params,
                  body: {
                    version,
                    until: String(fields.get('until')).slice(0, 16),
                    reason: String(fields.get('reason')),
                  },
                }),
              )
            }
          >
            <Field
              label={t('silences.ends')}
              hint={t('silences.endsHint')}
              {...{ name: 'until', type: 'datetime-local', required: true }}
              data-testid="silence-extend-until"
            />
            {why('silence-extend-reason')}
          </AskFirst>
          <AskFirst
            {...{ button: t('silences.end'), testId: 'silence-end', title: t('silences.end'), danger: false }}
            text={t('silences.endText')}
            onConfirm={(fields) => {
              const body = { version, reason: String(fields.get('reason')) };
              return changed(call(ask, 'POST /silences/{id}/end', { params, body }));
            }}
          >
            {why('silence-end-reason')}
          </AskFirst>
        </>
      )}
    </div>
  );
}
