import type { ReplayAnswer, ReplayDifference } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { RuleSetFile, Site } from '@watchpost/contracts/site';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Ask } from '../../api/ask.ts';
import { siteClock } from '../../live/site-clock.ts';
import { addressOf } from '../../routes/place.ts';
import { whereText } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { useAction } from '../../ui/use-action.ts';
import { replayedTitle } from './rule-title.ts';
import type { rulesEn } from './texts-en.ts';

const periods = [1, 7, 30, 90] as const;
const dayMs = 86_400_000;

interface RuleTrialProps {
  readonly ask: Ask;
  readonly site: string;
  readonly place: Site | null;
  readonly rules: () => RuleSetFile;
}

/** Which alerts the rules as they stand on the page would have made of the last days. Changes nothing. */
export function RuleTrial({ ask, site, place, rules }: RuleTrialProps) {
  const { t } = usePageTexts<typeof rulesEn>();
  const [days, setDays] = useState<number>(7);
  const [answer, setAnswer] = useState<ReplayAnswer | null>(null);
  const action = useAction();
  const run = () =>
    action.run(async () => {
      const now = siteClock.nowMs();
      setAnswer(null);
      setAnswer(
        await call(ask, 'POST /rules/replay', {
          query: { site },
          body: {
            from: new Date(now - days * dayMs).toISOString(),
            to: new Date(now).toISOString(),
            rules: rules(),
          },
        }),
      );
    });
  return (
    <section className="managed-part" aria-labelledby="rules-trial">
      <h3 id="rules-trial">{t('rules.trial')}</h3>
      <p className="muted">{t('rules.trialLead')}</p>
      <div className="managed-tools">
        <label className="field">
          <span className="field-label">{t('rules.period')}</span>
          <select
            className="field-input"
            value={days}
            onChange={({ target }) => setDays(Number(target.value))}
            data-testid="rules-period"
          >
            {periods.map((period) => (
              <option key={period} value={period}>
                {t('rules.lastDays', { count: period })}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button button-primary"
          onClick={() => void run()}
          data-pending={action.busy || undefined}
          data-testid="rules-try"
        >
          {t(action.busy ? 'rules.trying' : 'rules.try')}
        </button>
      </div>
      <p className="problem" role="alert" data-testid="rules-try-problem">
        {action.problem}
      </p>
      <div role="status" data-testid="rules-answer">
        {answer && <Summary answer={answer} />}
      </div>
      {answer && answer.differences.length > 0 && <Differences answer={answer} place={place} />}
    </section>
  );
}

function Summary({ answer }: { readonly answer: ReplayAnswer }) {
  const { t, number } = usePageTexts<typeof rulesEn>();
  const { alerts, events, estimated } = answer;
  return (
    <>
      <p>
        <strong>{t('rules.sum', { before: number(alerts.before), after: number(alerts.after) })}</strong>{' '}
        {t('rules.sumParts', {
          appear: number(alerts.appear),
          vanish: number(alerts.vanish),
          change: number(alerts.change),
        })}
      </p>
      <p className="muted">
        {t('rules.looked', { events: number(events) })}
        {estimated > 0 && ` ${t('rules.estimated', { count: estimated })}`}
      </p>
    </>
  );
}

interface DifferencesProps {
  readonly answer: ReplayAnswer;
  readonly place: Site | null;
}

function Differences({ answer, place }: DifferencesProps) {
  const { t, number } = usePageTexts<typeof rulesEn>();
  return (
    <>
      <table className="cards-table" data-testid="rules-differences">
        <thead>
          <tr>
            <th scope="col">{t('rules.difference')}</th>
            <th scope="col">{t('rules.what')}</th>
            <th scope="col">{t('rules.when')}</th>
          </tr>
        </thead>
        <tbody>
          {answer.differences.map((difference, index) => (
            <DifferenceRow
              // biome-ignore lint/suspicious/noArrayIndexKey: two may open in one instant; drawn once
              key={`${difference.openedAt} ${difference.device} ${index}`}
              difference={difference}
              place={place}
            />
          ))}
        </tbody>
      </table>
      {answer.unshown > 0 && (
        <p className="notice">
          {t('rules.unshown', { count: answer.unshown, shown: number(answer.unshown) })}
        </p>
      )}
    </>
  );
}

function DifferenceRow({ difference, place }: { difference: ReplayDifference; place: Site | null }) {
  const texts = usePageTexts<typeof rulesEn>();
  const { t, language, number } = texts;
  const { what, alert, before, after, score, openedAt } = difference;
  const title = replayedTitle(texts, difference.kind);
  const severity = (name: ReplayDifference['before']) => (name ? t(`severity.${name}`) : '');
  return (
    <tr data-testid="rules-difference" data-what={what}>
      <th scope="row">
        {alert === undefined ? (
          title
        ) : (
          <Link href={addressOf({ site: null, alert, view: 'alerts', plan: null })}>{title}</Link>
        )}
        <small className="muted">{whereText(texts, place, difference)}</small>
      </th>
      <td data-label={t('rules.what')}>
        {t(`rules.difference.${what}`, {
          before: severity(before),
          after: severity(after),
          score: number(Math.round(score)),
        })}
      </td>
      <td data-label={t('rules.when')}>{minuteTime(openedAt, place?.timeZone, language)}</td>
    </tr>
  );
}
