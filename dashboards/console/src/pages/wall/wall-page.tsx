import type { Alert, Severity } from '@watchpost/contracts/alert';
import type { AlertCounts } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { Link } from 'wouter';
import type { Connection } from '../../api/event-stream.ts';
import type { Queue } from '../../live/alert-queue.ts';
import { useClock } from '../../live/use-clock.ts';
import { whatHappened, whereOnSite } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { clockTime } from '../../texts/time-text.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SeveritySign } from '../../ui/signs.tsx';
import type { wallEn } from './texts-en.ts';

/** What the wall view shows. */
export interface WallProps {
  readonly queue: Queue;
  readonly counts: AlertCounts | null;
  readonly connection: Connection;
  readonly loaded: boolean;
  readonly site: Site | null;
  readonly siteOf: (id: string) => Site | null;
  readonly several: boolean;
}

/** Rows that are read from two metres on any screen: each has the same part of its height. */
const rowsShown = 6;
const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** The alerts that wait, and then those in work, as large as the screen allows; nothing to press but out. */
export function WallPage({ queue, counts, connection, loaded, site, siteOf, several }: WallProps) {
  const { t, number } = usePageTexts<typeof wallEn>();
  const rows = [...queue.waiting.rows, ...queue.in_work.rows].slice(0, rowsShown);
  const { open = 0, acknowledged = 0, in_progress = 0 } = counts?.byState ?? {};
  const beyond = open + acknowledged + in_progress - rows.length;
  return (
    <main className="wall" data-testid="wall">
      <h1 className="sr-only">{t('wall.title')}</h1>
      <header className="wall-head">
        <WallClock site={site} />
        <ul className="wall-counts">
          {worstFirst.map((severity) => (
            <li key={severity} data-severity={severity}>
              <SeveritySign severity={severity} />
              {number(counts?.waiting[severity] ?? 0)}
              <span className="sr-only">{t(`severity.${severity}`)}</span>
            </li>
          ))}
        </ul>
        <span className="wall-connection" data-connection={connection}>
          {t(`connection.${connection}`)}
        </span>
      </header>
      {rows.length === 0 ? (
        <p className="wall-none" data-testid="wall-none">
          {t(loaded ? 'wall.none' : 'wall.loading')}
        </p>
      ) : (
        <ol className="wall-rows">
          {rows.map((alert) => (
            <WallRow key={alert.id} alert={alert} site={siteOf(alert.site)} several={several} />
          ))}
        </ol>
      )}
      <footer className="wall-foot">
        <span data-testid="wall-more">{beyond > 0 ? t('wall.more', { count: beyond }) : ''}</span>
        <Link className="button button-quiet" href="/" data-testid="wall-leave">
          {t('wall.leave')}
        </Link>
      </footer>
    </main>
  );
}

interface WallRowProps {
  readonly alert: Alert;
  readonly site: Site | null;
  readonly several: boolean;
}

function WallRow({ alert, site, several }: WallRowProps) {
  const texts = usePageTexts<typeof wallEn>();
  const { t } = texts;
  return (
    <li data-testid="wall-row" data-severity={alert.severity} data-state={alert.state}>
      <SeveritySign severity={alert.severity} />
      <div className="wall-what">
        <b>{whatHappened(texts, alert.eventType, alert.details, alert.device)}</b>
        <span>{whereOnSite(texts, site, alert, several)}</span>
      </div>
      <div className="wall-when">
        <RelativeTime time={alert.openedAt} site={site} />
        <span>
          {t(`state.${alert.state}`)}
          {alert.acknowledgedBy !== null && ` · ${t('row.by', { user: alert.acknowledgedBy })}`}
        </span>
      </div>
    </li>
  );
}

function WallClock({ site }: { readonly site: Site | null }) {
  const { language } = usePageTexts<typeof wallEn>();
  return <span className="wall-clock">{clockTime(useClock(1000), site?.timeZone, language)}</span>;
}
