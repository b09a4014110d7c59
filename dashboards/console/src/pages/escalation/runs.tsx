import type { EscalationRun } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import type { escalationEn } from './texts-en.ts';

export interface RunsProps {
  readonly runs: readonly EscalationRun[];
  readonly timeZone: string | undefined;
  readonly site: string;
}

/** What is under way: which step comes next, or who has it. */
export function Runs({ runs, timeZone, site }: RunsProps) {
  const { t, language } = usePageTexts<typeof escalationEn>();
  const at = (time: string | null) => (time === null ? '…' : absoluteTime(time, timeZone, language));
  return (
    <section className="managed-part" aria-label={t('escalation.runs')}>
      <h3>{t('escalation.runs')}</h3>
      <p role="status" className="muted" data-testid="runs-none">
        {runs.length === 0 ? t('escalation.noRuns') : ''}
      </p>
      <ul className="escalation-list">
        {runs.map(({ subject, severity, state, policy, nextAt, acknowledgedBy, acknowledgedAt, emptyAt }) => (
          <li key={subject} data-testid="run" data-state={state}>
            <p>
              {t(`severity.${severity}`)} ·{' '}
              {state === 'acknowledged'
                ? t('escalation.run.acknowledged', { who: acknowledgedBy ?? '', at: at(acknowledgedAt) })
                : t('escalation.run.running', { policy: policy?.name ?? '', at: at(nextAt) })}
            </p>
            {emptyAt !== null && <p className="problem">{t('escalation.run.empty', { at: at(emptyAt) })}</p>}
            <a href={`/sites/${site}/alerts/${subject}`}>{t('escalation.run.open')}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
