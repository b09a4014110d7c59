import type { Alert } from '@watchpost/contracts/alert';
import type { OpenAlertCount } from '../alerts/alert-cap.ts';
import { AlertHandler, groupsOf } from '../alerts/alert-handler.ts';
import { subjectOf } from '../alerts/alert-subject.ts';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import { causeEnd } from '../alerts/condition-rules.ts';
import { incidentCell, incidentKind } from '../places/incident.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { scoreEvents } from '../risk/score-events.ts';
import { lockUnresolved } from '../store/alert-store.ts';
import type { UnalertedEvent } from '../store/episodes.ts';
import type { ScoredEvent } from '../store/event-store.ts';
import type { LateCondition } from '../store/late-store.ts';
import { openAlertCounts } from '../store/open-alert-counts.ts';
import type { Queryable } from '../store/schema.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Assessment, IncomingEvent } from './ingest-batch.ts';
import { loadClearings } from './load-clearings.ts';

/** The assessments that were made ahead, and those that were not. */
async function assess(
  tx: Queryable,
  events: readonly IncomingEvent[],
  context: DecisionContext,
): Promise<(incoming: IncomingEvent) => Assessment> {
  const unassessed = events.filter(({ assessment }) => !assessment);
  const ahead = events.filter(({ assessment }) => assessment);
  const made = await scoreEvents(tx, unassessed, ahead, context);
  return (incoming) => {
    const assessment = incoming.assessment ?? made.get(incoming);
    if (!assessment) throw new Error('an event was not scored');
    return assessment;
  };
}

/**
 * What the devices that may open an alert with this batch have open already; the alert on which a device's
 * surplus is counted joins the locked ones.
 */
async function openCountsOf(
  tx: Queryable,
  site: string,
  alerting: readonly IncomingEvent[],
  unresolved: Map<string, Alert>,
  policy: AlertingPolicy,
): Promise<ReadonlyMap<string, OpenAlertCount>> {
  const opening = alerting.filter(({ event }) => !unresolved.has(subjectOf(event).groupKey));
  const openCounts = await openAlertCounts(tx, site, [...new Set(opening.map(({ device }) => device.id))]);
  const full = [...openCounts.values()].filter(({ count }) => count >= policy.openAlertsPerDevice);
  const last = await lockUnresolved(
    tx,
    site,
    full.map(({ lastGroup }) => lastGroup),
  );
  for (const [group, alert] of last) unresolved.set(group, alert);
  return openCounts;
}

/** What the events of a commit come to. */
export interface BatchOutcome {
  readonly scored: readonly ScoredEvent[];
  readonly alerts: readonly Alert[];
  /** What happened to alerts, for the log. */
  readonly entries: readonly ChangeEntry[];
  /** Late alarms of what may still hold. */
  readonly conditions: readonly LateCondition[];
  /** Events that came too late to page anybody, by gateway. */
  readonly late: ReadonlyMap<string, number>;
  /** What feeds the map without an alert. */
  readonly unalerted: readonly UnalertedEvent[];
  readonly mapChanged: boolean;
}

/** Scores the new events and decides about alerts; returns what to store and the changed alerts. */
export async function decideBatch(
  tx: Queryable,
  events: readonly IncomingEvent[],
  context: DecisionContext,
): Promise<BatchOutcome> {
  if (events.length === 0)
    return {
      ...{ scored: [], alerts: [], entries: [], conditions: [], unalerted: [] },
      ...{ late: new Map(), mapChanged: false },
    };
  const { directory, rules, newId } = context;
  const site = directory.site.id;
  const assessedAs = await assess(tx, events, context);
  const armed = await context.arming?.take(tx, events, assessedAs, context.nowMs);
  const assessed = (incoming: IncomingEvent): Assessment => {
    const assessment = assessedAs(incoming);
    return (armed?.has(incoming) ? assessment.ifArmed : undefined) ?? assessment;
  };
  const alerting = events.filter((incoming) => !incoming.late && assessed(incoming).alerts);
  const groups = [...new Set(events.flatMap(({ event }) => groupsOf(event)))];
  const clearings = await loadClearings(tx, site, alerting, context.nowMs);
  const unresolved = await lockUnresolved(tx, site, groups);
  const openCounts = await openCountsOf(tx, site, alerting, unresolved, context.policy);
  const handler = new AlertHandler(unresolved, clearings, newId, context.policy, openCounts);
  const conditions: LateCondition[] = [];
  const late = new Map<string, number>();
  const unalerted: UnalertedEvent[] = [];
  const scored = events.map((incoming): ScoredEvent => {
    const { event, gateway, device, lateMs, clockOffsetMs } = incoming;
    const { risk, alerts, around } = assessed(incoming);
    const receivedAt = new Date(incoming.receivedMs).toISOString();
    const { concern, lifeSafety } = rules.ruleFor(event);
    const alert = handler.handle({
      event,
      gateway: device.gateway,
      risk,
      receivedAt,
      alerts: alerts && !incoming.late,
      lateMs,
      lifeSafety,
      cell: incidentCell(event, device.at, directory.planOf(device.zone)),
    });
    if (incoming.late && alerts) {
      if (causeEnd(event.type) === 'by_event')
        conditions.push({ groupKey: subjectOf(event).groupKey, gateway, event, risk, receivedAt });
      else late.set(gateway, (late.get(gateway) ?? 0) + 1);
    }
    if (alert === null && !isOfOpenAlert(incoming, unresolved))
      unalerted.push(...unalertedEvent(incoming, directory));
    return { event, gateway, receivedAt, risk, around, concern, late: incoming.late, clockOffsetMs, alert };
  });
  const alerts = await handler.save(tx);
  const { entries, mapChanged } = handler;
  return { scored, alerts, entries, conditions, late, unalerted, mapChanged };
}

/**
 * Whether a late event tells of what an alert that is still unresolved has told: the map counts that alert.
 */
function isOfOpenAlert({ event, late }: IncomingEvent, unresolved: ReadonlyMap<string, Alert>): boolean {
  const alert = late ? unresolved.get(subjectOf(event).groupKey) : undefined;
  return alert !== undefined && Date.parse(event.time) >= Date.parse(alert.openedAt);
}

/** An event that feeds the map though no alert took it in: late, or of a zone that is not armed. */
function unalertedEvent({ event, device }: IncomingEvent, directory: SiteDirectory): UnalertedEvent[] {
  const kind = incidentKind(event.type, subjectOf(event).details);
  if (kind === undefined) return [];
  const timeMs = Date.parse(event.time);
  const incident = { cell: incidentCell(event, device.at, directory.planOf(device.zone)), kind, timeMs };
  return [{ device: device.id, type: event.type, timeMs, incident }];
}
