import type { ReplayAnswer } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { NamedRuleSet } from '@watchpost/contracts/site';
import { wireLimits } from '@watchpost/contracts/wire';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { riskUnder, ruleSetOf } from '../risk/described-rules.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import {
  alertsBefore,
  alertsOpened,
  type EventCursor,
  lateEvents,
  type ReplayWindow,
  stepsOf,
  timelyEvents,
} from '../store/replay-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { LiveAlert } from './live-alert.ts';
import { MinHeap } from './min-heap.ts';
import { replayPolicy } from './policy.ts';
import { ReplayDifferences } from './replay-differences.ts';
import type { ReplayEvent } from './replay-event.ts';
import { byPosition, ReplayedAlerts } from './replayed-alerts.ts';

/** A site whose events are replayed. */
export interface ReplayedSite {
  readonly directory: SiteDirectory;
  /** Of its site file, without the severity bands of a rule set. */
  readonly policy: AlertingPolicy;
  /** The rule set in force; absent: the built-in rules. */
  readonly ruleSet?: NamedRuleSet | undefined;
}

/** What is to be replayed. */
export interface ReplayRequest {
  readonly window: ReplayWindow;
  /** Under which rules; absent: those that are built in. */
  readonly ruleSet?: NamedRuleSet | undefined;
}

/**
 * Which alerts would have appeared, vanished or been of another severity under other rules, over the events
 * that came in a window. Reads in pages, each a short statement of its own, and holds no more than two pages,
 * the events that wait for their turn and the alerts that are open.
 * @throws WatchpostError `replay.window`, `replay.too_many_late`, `replay.cut_short` when `signal` says so
 */
export async function replayEvents(
  db: Queryable,
  site: ReplayedSite,
  { window, ruleSet }: ReplayRequest,
  signal?: AbortSignal,
): Promise<ReplayAnswer> {
  const { directory, policy } = site;
  const id = directory.site.id;
  requireWindow(window);
  const started = performance.now();
  const rules = ruleSet ? ruleSetOf(ruleSet) : defaultRuleSet;
  const differences = new ReplayDifferences();
  const alerts = new ReplayedAlerts(
    {
      ...{ rules, directory },
      policy: { ...policy, risk: riskUnder(policy.risk, ruleSet) },
      before: riskUnder(policy.risk, site.ruleSet).severities,
    },
    differences,
  );
  const note = async (found: readonly LiveAlert[]) =>
    alerts.note(
      found,
      await stepsOf(
        db,
        id,
        found.map(({ alert }) => alert.id),
        window,
      ),
    );
  await note(await alertsBefore(db, id, window.fromMs));
  let events = 0;
  let notedMs = window.fromMs;
  for await (const part of inOrder(db, id, window, signal)) {
    const lastMs = part.at(-1)?.receivedMs ?? notedMs;
    // An alert opens when the event that opens it comes.
    await note(await alertsOpened(db, id, { fromMs: notedMs, toMs: Math.min(lastMs + 1, window.toMs) }));
    notedMs = lastMs + 1;
    for (const event of part) alerts.take(event);
    events += part.length;
  }
  alerts.end(window.toMs);
  return {
    site: id,
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    ruleSet: rules.version,
    events,
    ...differences.answer(),
    tookMs: Math.round(performance.now() - started),
  };
}

function requireWindow({ fromMs, toMs }: ReplayWindow): void {
  if (fromMs < toMs && toMs - fromMs <= replayPolicy.windowMs) return;
  const most = replayPolicy.windowMs / 86_400_000;
  throw new WatchpostError('replay.window', { path: '/to', details: { most: `${most} d` } });
}

/** The events of a window in the order in which they came, in parts. */
async function* inOrder(
  db: Queryable,
  site: string,
  window: ReplayWindow,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ReplayEvent[]> {
  const waiting = new MinHeap<ReplayEvent>(byPosition);
  for (const event of await allLate(db, site, window, signal)) waiting.push(event.receivedMs, event);
  const read = (after?: EventCursor): Promise<ReplayEvent[]> => {
    const page = timelyEvents(db, site, window, after);
    // Whoever stops in between does not wait for it.
    page.catch(() => undefined);
    return page;
  };
  let next = read();
  for (let isLast = false; !isLast; ) {
    if (signal?.aborted) throw new WatchpostError('replay.cut_short');
    const page = await next;
    for (const event of page) waiting.push(event.receivedMs, event);
    const last = page.at(-1);
    isLast = last === undefined || page.length < replayPolicy.pageEvents;
    // Read while this page is decided.
    if (last && !isLast) next = read({ timeMs: last.timeMs, id: last.event.id });
    // What was captured later did not come before this.
    const untilMs = isLast ? Number.POSITIVE_INFINITY : (last?.timeMs ?? 0) - wireLimits.maxFutureMs;
    const part: ReplayEvent[] = [];
    while (waiting.size > 0 && (waiting.next <= untilMs || waiting.size > replayPolicy.orderedAtMost)) {
      const event = waiting.pop();
      if (event) part.push(event);
    }
    if (part.length > 0) yield part;
  }
}

/** What came much later than it was captured. */
async function allLate(
  db: Queryable,
  site: string,
  window: ReplayWindow,
  signal: AbortSignal | undefined,
): Promise<ReplayEvent[]> {
  const { lateByAtMostMs, latePartMs, lateEventsAtMost } = replayPolicy;
  const found: ReplayEvent[] = [];
  for (let fromMs = window.fromMs - lateByAtMostMs; fromMs < window.toMs; fromMs += latePartMs) {
    if (signal?.aborted) throw new WatchpostError('replay.cut_short');
    const part = { fromMs, toMs: Math.min(fromMs + latePartMs, window.toMs) };
    found.push(...(await lateEvents(db, site, window, part, lateEventsAtMost + 1 - found.length)));
    if (found.length > lateEventsAtMost)
      throw new WatchpostError('replay.too_many_late', { details: { most: lateEventsAtMost } });
  }
  return found;
}
