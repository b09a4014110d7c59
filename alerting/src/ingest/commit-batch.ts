import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { OpenAlertCount } from '../alerts/alert-cap.ts';
import { AlertHandler, groupsOf } from '../alerts/alert-handler.ts';
import { subjectOf } from '../alerts/alert-subject.ts';
import { causeEnd } from '../alerts/condition-rules.ts';
import { incidentCell, incidentKind } from '../places/incident.ts';
import type { AlertingPolicy } from '../policy.ts';
import { scoreEvents } from '../risk/score-events.ts';
import { lockUnresolved } from '../store/alert-store.ts';
import { episodesOf, type UnalertedEvent } from '../store/episodes.ts';
import { insertEvents, type ScoredEvent } from '../store/event-store.ts';
import { countLate, type LateCondition, saveLateConditions } from '../store/late-store.ts';
import { openAlertCounts } from '../store/open-alert-counts.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import { insertRejects } from '../store/reject-store.ts';
import type { Queryable } from '../store/schema.ts';
import { insertTelemetry } from '../store/telemetry-store.ts';
import type { DecisionContext } from './decision-context.ts';
import { type EpochPosition, handlePositions, type NewlyHandled } from './handle-positions.ts';
import type { Assessment, IncomingEvent, IngestBatch } from './ingest-batch.ts';
import { loadClearings } from './load-clearings.ts';
import { settleLate } from './settle-late.ts';
import { timeRejects } from './time-rejects.ts';

/** What a commit changed, to be told to the world after it. */
export interface CommitResult {
  /** Watermarks to acknowledge: every epoch that the batch touched, repeats included. */
  readonly receipts: readonly EpochPosition[];
  readonly alerts: readonly Alert[];
  readonly fresh: NewlyHandled;
  readonly heatChanged: boolean;
  /** Events that came too late to page anybody, by gateway. */
  readonly late: ReadonlyMap<string, number>;
  /** Gateways that reported something late that may still hold. */
  readonly unsettled: readonly string[];
}

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
 * What the devices that may open an alert with this batch have open already; the alert on which a device's surplus is counted
 * joins the locked ones.
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
interface BatchOutcome {
  readonly scored: readonly ScoredEvent[];
  readonly alerts: readonly Alert[];
  /** Late alarms of what may still hold. */
  readonly conditions: readonly LateCondition[];
  /** Events that came too late to page anybody, by gateway. */
  readonly late: ReadonlyMap<string, number>;
  /** What feeds the map without an alert. */
  readonly unalerted: readonly UnalertedEvent[];
  readonly mapChanged: boolean;
}

/** Scores the new events and decides about alerts; returns what to store and the changed alerts. */
async function decide(
  tx: Queryable,
  events: readonly IncomingEvent[],
  context: DecisionContext,
): Promise<BatchOutcome> {
  if (events.length === 0)
    return { scored: [], alerts: [], conditions: [], late: new Map(), unalerted: [], mapChanged: false };
  const { directory, rules, newId } = context;
  const site = directory.site.id;
  const timely = events.filter(({ late }) => !late);
  const assessed = await assess(tx, events, context);
  const alerting = events.filter(({ event }) => rules.ruleFor(event).alert !== 'never');
  const groups = [...new Set(events.flatMap(({ event }) => groupsOf(event)))];
  const clearings = await loadClearings(tx, site, timely, context.nowMs);
  const unresolved = await lockUnresolved(tx, site, groups);
  const openCounts = await openCountsOf(tx, site, alerting, unresolved, context.policy);
  const handler = new AlertHandler(unresolved, clearings, newId, context.policy, openCounts);
  const conditions: LateCondition[] = [];
  const late = new Map<string, number>();
  const unalerted: UnalertedEvent[] = [];
  const scored = events.map((incoming): ScoredEvent => {
    const { event, gateway, device, lateMs, clockOffsetMs } = incoming;
    const { risk, alerts } = assessed(incoming);
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
      cell: incidentCell(event, device.at, directory.site),
    });
    if (incoming.late && alerts) {
      if (causeEnd(event.type) === 'by_event')
        conditions.push({ groupKey: subjectOf(event).groupKey, gateway, event, risk, receivedAt });
      else late.set(gateway, (late.get(gateway) ?? 0) + 1);
    }
    if (alert === null && !isOfOpenAlert(incoming, unresolved))
      unalerted.push(...unalertedEvent(incoming, directory.site));
    return { event, gateway, receivedAt, risk, concern, late: incoming.late, clockOffsetMs, alert };
  });
  const alerts = await handler.save(tx);
  return { scored, alerts, conditions, late, unalerted, mapChanged: handler.mapChanged };
}

/** Whether a late event tells of what an alert that is still unresolved has told: the map counts that alert. */
function isOfOpenAlert({ event, late }: IncomingEvent, unresolved: ReadonlyMap<string, Alert>): boolean {
  const alert = late ? unresolved.get(subjectOf(event).groupKey) : undefined;
  return alert !== undefined && Date.parse(event.time) >= Date.parse(alert.openedAt);
}

/** An event that feeds the map though no alert took it in: late, or of a zone that is not armed. */
function unalertedEvent({ event, device }: IncomingEvent, site: Site): UnalertedEvent[] {
  const kind = incidentKind(event.type, subjectOf(event).details);
  if (kind === undefined) return [];
  const timeMs = Date.parse(event.time);
  const incident = { cell: incidentCell(event, device.at, site), kind, timeMs };
  return [{ device: device.id, type: event.type, timeMs, incident }];
}

function added(...counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const [key, count] of counts.flatMap((map) => [...map])) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

/**
 * Commits what some messages bring in one transaction: new events with their risk, what they do to alerts and to the
 * map, measurements, rejects, and the watermarks that say so. Either all of it is stored or nothing.
 */
export function commitBatch(
  db: Queryable,
  batch: IngestBatch,
  context: DecisionContext,
): Promise<CommitResult> {
  return db.transaction().execute((tx) => commitIn(tx, batch, context));
}

/** Does what {@link commitBatch} does, in a transaction that is open. */
export async function commitIn(
  tx: Queryable,
  batch: IngestBatch,
  context: DecisionContext,
): Promise<CommitResult> {
  const { site } = context.directory;
  const { receipts, fresh } = await handlePositions(tx, site.id, batch, context.newId, context.nowMs);
  const {
    scored,
    alerts,
    conditions,
    late: decidedLate,
    unalerted,
    mapChanged,
  } = await decide(tx, fresh.events, context);
  const incidents = await episodesOf(tx, site.id, unalerted, context.policy);
  await insertEvents(tx, scored);
  await saveLateConditions(tx, site.id, conditions);
  const settled = await settleLate(tx, batch.settled, context);
  const late = added(decidedLate, settled.late);
  await countLate(tx, site.id, late);
  await addIncidents(tx, site.id, incidents);
  for (const { gateway, measurements } of batch.telemetry) {
    await insertTelemetry(tx, site.id, gateway, measurements);
  }
  const rejects = [...fresh.rejects, ...timeRejects(fresh.events, context.newId)];
  await insertRejects(tx, site.id, rejects);
  return {
    receipts,
    alerts: [...alerts, ...settled.alerts],
    fresh: { ...fresh, rejects },
    heatChanged: mapChanged || settled.mapChanged || incidents.length > 0,
    late,
    unsettled: [...new Set(conditions.map(({ gateway }) => gateway))],
  };
}
