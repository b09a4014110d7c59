import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { OpenLoad } from '../alerts/alert-cap.ts';
import { AlertDesk, groupsOf } from '../alerts/alert-handler.ts';
import { subjectOf } from '../alerts/alert-subject.ts';
import { causeEnd } from '../alerts/condition-rules.ts';
import { incidentCell, incidentKind } from '../places/heat-map.ts';
import type { AlertingPolicy } from '../policy.ts';
import { scoreEvents } from '../risk/score-events.ts';
import { lockUnresolved } from '../store/alert-store.ts';
import { episodesOf, type LooseEvent } from '../store/episodes.ts';
import { insertEvents, insertTelemetry, type ScoredEvent } from '../store/event-store.ts';
import { countLate, keepLateConditions, type LateCondition } from '../store/late-store.ts';
import { openLoads } from '../store/open-alert-counts.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import { insertRejects } from '../store/reject-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { Decision } from './decision-context.ts';
import { type EpochPosition, type FreshWork, handlePositions } from './handle-positions.ts';
import { loadClearings } from './load-clearings.ts';
import { settleLate } from './settle-late.ts';
import { timeRejects } from './unknown-times.ts';
import type { IncomingEvent, Judgement, Work } from './work.ts';

/** What a commit changed, to be told to the world after it. */
export interface Committed {
  /** Watermarks to acknowledge: every epoch that the work touched, repeats included. */
  readonly receipts: readonly EpochPosition[];
  readonly alerts: readonly Alert[];
  readonly fresh: FreshWork;
  readonly heatChanged: boolean;
  /** Events that came too late to page anybody, by gateway. */
  readonly late: ReadonlyMap<string, number>;
  /** Gateways that reported something late that may still hold. */
  readonly unsettled: readonly string[];
}

/** The judgements that were made ahead, and those that were not. */
async function judge(
  tx: Queryable,
  events: readonly IncomingEvent[],
  decision: Decision,
): Promise<(incoming: IncomingEvent) => Judgement> {
  const unjudged = events.filter(({ judgement }) => !judgement);
  const ahead = events.filter(({ judgement }) => judgement);
  const made = await scoreEvents(tx, unjudged, ahead, decision);
  return (incoming) => {
    const judgement = incoming.judgement ?? made.get(incoming);
    if (!judgement) throw new Error('an event was not scored');
    return judgement;
  };
}

/**
 * What the devices that may open an alert with this batch have open already; the alert on which a device's surplus is counted joins the
 * locked ones.
 */
async function loadsOfOpening(
  tx: Queryable,
  site: string,
  alerting: readonly IncomingEvent[],
  unresolved: Map<string, Alert>,
  policy: AlertingPolicy,
): Promise<ReadonlyMap<string, OpenLoad>> {
  const opening = alerting.filter(({ event }) => !unresolved.has(subjectOf(event).groupKey));
  const loads = await openLoads(tx, site, [...new Set(opening.map(({ device }) => device.id))]);
  const full = [...loads.values()].filter(({ count }) => count >= policy.openAlertsPerDevice);
  const last = await lockUnresolved(
    tx,
    site,
    full.map(({ lastGroup }) => lastGroup),
  );
  for (const [group, alert] of last) unresolved.set(group, alert);
  return loads;
}

/** What was decided about the events of a batch. */
interface Decided {
  readonly scored: readonly ScoredEvent[];
  readonly alerts: readonly Alert[];
  readonly mapChanged: boolean;
}

/** Scores the new events and decides about alerts; returns what to store and the changed alerts. */
async function decide(tx: Queryable, events: readonly IncomingEvent[], decision: Decision): Promise<Decided> {
  if (events.length === 0)
    return { scored: [], alerts: [], conditions: [], late: new Map(), loose: [], mapChanged: false };
  const { directory, rules, newId } = decision;
  const site = directory.site.id;
  const timely = events.filter(({ late }) => !late);
  const judged = await judge(tx, events, decision);
  const alerting = events.filter(({ event }) => rules.ruleFor(event).alert !== 'never');
  const groups = [...new Set(events.flatMap(({ event }) => groupsOf(event)))];
  const clearings = await loadClearings(tx, site, timely, decision.nowMs);
  const unresolved = await lockUnresolved(tx, site, groups);
  const loads = await loadsOfOpening(tx, site, alerting, unresolved, decision.policy);
  const desk = new AlertDesk(unresolved, clearings, newId, decision.policy, loads);
  const conditions: LateCondition[] = [];
  const late = new Map<string, number>();
  const loose: LooseEvent[] = [];
  const scored = events.map((incoming): ScoredEvent => {
    const { event, gateway, device, lateMs, clockOffsetMs } = incoming;
    const { risk, alerts } = judged(incoming);
    const receivedAt = new Date(incoming.receivedMs).toISOString();
    const { concern, lifeSafety } = rules.ruleFor(event);
    const alert = desk.take({
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
      loose.push(...looseEvent(incoming, directory.site));
    return { event, gateway, receivedAt, risk, concern, late: incoming.late, clockOffsetMs, alert };
  });
  const alerts = await desk.save(tx);
  return { scored, alerts, conditions, late, loose, mapChanged: desk.mapChanged };
}

/** Whether a late event tells of what an alert that is still unresolved has told: the map counts that alert. */
function isOfOpenAlert({ event, late }: IncomingEvent, unresolved: ReadonlyMap<string, Alert>): boolean {
  const alert = late ? unresolved.get(subjectOf(event).groupKey) : undefined;
  return alert !== undefined && Date.parse(event.time) >= Date.parse(alert.openedAt);
}

/** An event that feeds the map though no alert took it in: late, or of a zone that is not armed. */
function looseEvent({ event, device }: IncomingEvent, site: Site): LooseEvent[] {
  const kind = incidentKind(event.type, subjectOf(event).details);
  if (kind === undefined) return [];
  const timeMs = Date.parse(event.time);
  const incident = { cell: incidentCell(event, device.at, site), kind, timeMs };
  return [{ device: device.id, type: event.type, timeMs, incident }];
}

/** What the events of a commit come to. */
interface Decided {
  readonly scored: readonly ScoredEvent[];
  readonly alerts: readonly Alert[];
  /** Late alarms of what may still hold. */
  readonly conditions: readonly LateCondition[];
  /** Events that came too late to page anybody, by gateway. */
  readonly late: ReadonlyMap<string, number>;
  /** What feeds the map without an alert. */
  readonly loose: readonly LooseEvent[];
  readonly mapChanged: boolean;
}

function added(...counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const [key, count] of counts.flatMap((map) => [...map])) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}

/**
 * Commits the work of some messages in one transaction: new events with their risk, what they do to alerts and to the
 * map, measurements, rejects, and the watermarks that say so. Either all of it is stored or nothing.
 */
export function commitWork(db: Queryable, work: Work, decision: Decision): Promise<Committed> {
  return db.transaction().execute((tx) => commitIn(tx, work, decision));
}

/** Does what {@link commitWork} does, in a transaction that is open. */
export async function commitIn(tx: Queryable, work: Work, decision: Decision): Promise<Committed> {
  const { site } = decision.directory;
  const { receipts, fresh } = await handlePositions(tx, site.id, work, decision.newId, decision.nowMs);
  const {
    scored,
    alerts,
    conditions,
    late: decided,
    loose,
    mapChanged,
  } = await decide(tx, fresh.events, decision);
  const incidents = await episodesOf(tx, site.id, loose, decision.policy);
  await insertEvents(tx, scored);
  await keepLateConditions(tx, site.id, conditions);
  const settled = await settleLate(tx, work.settled, decision);
  const late = added(decided, settled.late);
  await countLate(tx, site.id, late);
  await addIncidents(tx, site.id, incidents);
  for (const { gateway, measurements } of work.telemetry) {
    await insertTelemetry(tx, site.id, gateway, measurements);
  }
  const rejects = [...fresh.rejects, ...timeRejects(fresh.events, decision.newId)];
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
