import type { AlertTransition } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { useTexts } from '../../texts/texts.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

export interface AlertHistoryProps {
  readonly history: readonly AlertTransition[] | null;
  readonly site: Site | null;
}

/** The server's own actor name for steps that no person took. */
const systemActor = 'system';

/** Who did what when, the newest first. */
export function AlertHistory({ history, site }: AlertHistoryProps) {
  const { t } = useTexts();
  const stepText = ({ from, to, disposition }: AlertTransition) => {
    if (from === null) return t('history.opened');
    const said = disposition ? t(`disposition.${disposition}`) : undefined;
    if (from === to) return said === undefined ? t('history.note') : t('history.corrected', { said });
    if (said !== undefined) return t('history.said', { state: t(`state.${to}`), said });
    return to === 'open' ? t('history.reopened') : t(`state.${to}`);
  };
  return (
    <section className="card history" data-testid="alert-history">
      <h3>{t('history.title')}</h3>
      {history === null ? (
        <p className="muted">{t('history.loading')}</p>
      ) : (
        <ol>
          {[...history].reverse().map((step) => (
            <li key={`${step.time}${step.to}${step.from}`} data-state={step.to}>
              <b>{stepText(step)}</b>
              <span className="muted">
                {step.actor === systemActor ? t('history.system') : step.actor} ·{' '}
                <RelativeTime time={step.time} site={site} />
              </span>
              {/* The system's own reasons are English notes for the log; its steps have texts here. */}
              {step.reason !== null && step.actor !== systemActor && <q>{step.reason}</q>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
