import type { Alert } from '@watchpost/contracts/alert';
import { isUnresolved } from '../alerts/alert-lifecycle.ts';
import { zoneClock } from '../duty/zone-clock.ts';
import { silencesInTime } from '../store/silence-store.ts';
import { withSuppressions } from '../suppression/suppression.ts';
import type { JudgedAlert, SuppressionRule } from '../suppression/suppression-rules.ts';
import { covers, holdsUntil, matchInForce, type StoredSilence, suppressionBy } from './silence.ts';

/**
 * Whether an alert is judged by silences: one that is new, or is taken up again. What is on is left as it is.
 */
const isJudged = ({ before, after }: JudgedAlert): boolean =>
  isUnresolved(after.state) && (before === undefined || !isUnresolved(before.state));

/** Whether a rise in severity took an alert out of a silence. */
const isBroken = ({ before, after }: JudgedAlert): boolean =>
  before?.suppressions?.some(({ kind }) => kind === 'silence') === true &&
  isUnresolved(after.state) &&
  !after.suppressions?.some(({ kind }) => kind === 'silence');

/** Keeps alerts of a site quiet that open while a silence covers them. */
export function silenceRule({
  site,
  nowMs,
}: {
  readonly site: string;
  readonly nowMs: () => number;
}): SuppressionRule {
  return async (tx, alerts) => {
    const own = alerts.filter(({ after }) => after.site === site);
    const judged = new Set(own.filter(isJudged).map(({ after }) => after.id));
    const broken = new Set(own.filter(isBroken).map(({ after }) => after.id));
    const atMs = nowMs();
    const silences = judged.size === 0 ? [] : await silencesInTime(tx, site, new Date(atMs).toISOString());
    return alerts.map(({ after }) => {
      if (judged.has(after.id)) return silenced(after, silences, atMs);
      // What had begun as a test has become more than that.
      return broken.has(after.id) && after.disposition === 'test' ? { ...after, disposition: null } : after;
    });
  };
}

function silenced(alert: Alert, silences: readonly StoredSilence[], atMs: number): Alert {
  const found = silences.flatMap((silence) => {
    if (!covers(matchInForce(silence), alert)) return [];
    const until = holdsUntil(silence, zoneClock(silence.timeZone), atMs);
    return until === undefined ? [] : [{ silence, until }];
  });
  if (found.length === 0) return alert;
  const by = found.map(({ silence, until }) => suppressionBy(silence, until));
  const others = alert.suppressions ?? [];
  const isTest = found.some(({ silence }) => silence.purpose === 'walk_test');
  return withSuppressions(
    isTest ? { ...alert, disposition: 'test' } : alert,
    [...others, ...by].slice(0, 32),
  );
}
