import type { Alert } from '@watchpost/contracts';
import { AlertDesk, groupsOf } from '../alerts/alert-desk.ts';
import type { OpenLoad } from '../domain/alert-cap.ts';
import { groupClearedBy, kindOf, subjectOf } from '../domain/alert-subject.ts';
import { isArmed } from '../domain/armed-schedule.ts';
import { causeEnd } from '../domain/condition-rules.ts';
import { corroboratingDevices, corroborationWindowMs, type Statement } from '../domain/corroboration.ts';
import { type DispositionCounts, noDispositions } from '../domain/device-trust.ts';
import { type RiskContext, scoreEvent } from '../domain/event-risk.ts';
import { incidentCell, incidentKind } from '../domain/heat-map.ts';
import type { RuleSet } from '../domain/rule-set.ts';
import type { SiteDirectory } from '../domain/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { lockUnresolved } from '../store/alert-store.ts';
import { dispositionCounts, dispositionKey } from '../store/disposition-store.ts';
import {
  clearingsSince,
  insertEvents,
  insertTelemetry,
  type ScoredEvent,
  troubleBetween,
} from '../store/event-store.ts';
import { openLoads } from '../store/open-loads.ts';
import { addIncidents } from '../store/place-risk-store.ts';
import { insertRejects } from '../store/reject-store.ts';
import type { Queryable } from '../store/schema.ts';
import { type EpochPosition, type FreshWork, handlePositions } from './handle-positions.ts';
import type { NewId } from './read-events.ts';
import type { IncomingEvent, Work } from './work.ts';

/** What deciding needs besides the work. */
export interface Decision {
  readonly directory: SiteDirectory;
  readonly rules: RuleSet;
  readonly policy: AlertingPolicy;
  readonly newId: NewId;
  readonly nowMs: number;
}

/** What a commit changed, to be told to the world after it. */
export interface Committed {
  /** Watermarks to acknowledge: every epoch that the work touched, repeats included. */
  readonly receipts: readonly EpochPosition[];
  readonly alerts: readonly Alert[];
  readonly fresh: FreshWork;
  readonly heatChanged: boolean;
}

/** Most earlier events that are looked at for corroboration. */
const corroborationRows = 500;

const statementOf = ({ event, device }: IncomingEvent, rules: RuleSet): Statement => ({
  device: device.id,
  zone: event.subject,
  concern: rules.ruleFor(event).concern,
  timeMs: Date.parse(event.time),
});

/** What was said lately around the events that may still page somebody. */
async function loadStatements(
  tx: Queryable,
  site: string,
  timely: readonly Statement[],
): Promise<readonly Statement[]> {
  const troubled = timely.filter(({ concern }) => concern !== 'none');
  if (troubled.length === 0) return [];
  const times = troubled.map(({ timeMs }) => timeMs);
  const from = new Date(Math.min(...times) - corroborationWindowMs).toISOString();
  const to = new Date(Math.max(...times) + corroborationWindowMs).toISOString();
  return [...(await troubleBetween(tx, site, from, to, corroborationRows)), ...troubled];
}

/** When causes that an event ends were cleared after it: an alarm may come later than its clearing. */
async function loadClearings(
  tx: Queryable,
  site: string,
  timely: readonly IncomingEvent[],
): Promise<ReadonlyMap<string, string>> {
  const alarms = timely.filter(({ event }) => causeEnd(event.type) === 'by_event');
  const [first, ...rest] = alarms.map(({ event }) => event.time);
  if (first === undefined) return new Map();
  const from = rest.reduce((earliest, time) => (time < earliest ? time : earliest), first);
  const devices = [...new Set(alarms.map(({ device }) => device.id))];
  const clearings = await clearingsSince(tx, site, devices, from);
  return new Map(clearings.map(({ device, type, kind, time }) => [groupClearedBy(device, type, kind), time]));
}

/** What is known around an event when it is scored and judged. */
function contextOf(
  incoming: IncomingEvent,
  statements: readonly Statement[],
  dispositions: DispositionCounts,
  { directory, rules }: Decision,
): RiskContext {
  const { event, device, receivedMs } = incoming;
  const timeMs = Date.parse(event.time);
  const zone = directory.zone(event.subject) ?? directory.zone(device.zone);
  return {
    zoneCriticality: zone?.criticality ?? 0.5,
    armed: zone !== undefined && isArmed(zone.armed, timeMs, directory.site.timeZone),
    corroboratingDevices: corroboratingDevices(
      statementOf(incoming, rules),
      statements,
      (id) => directory.device(id)?.at,
    ),
    ageMs: receivedMs - timeMs,
    dispositions,
  };
}

/** Whether the rules let the event page somebody. Asked of the context: the points that explain a score may be 0. */
function mayAlert({ event, late }: IncomingEvent, { armed }: RiskContext, rules: RuleSet): boolean {
  const { alert } = rules.ruleFor(event);
  if (late || alert === 'never') return false;
  return alert === 'always' || armed;
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

/** Scores the new events and decides about alerts; returns what to store and the changed alerts. */
async function decide(
  tx: Queryable,
  events: readonly IncomingEvent[],
  decision: Decision,
): Promise<{ readonly scored: readonly ScoredEvent[]; readonly alerts: readonly Alert[] }> {
  if (events.length === 0) return { scored: [], alerts: [] };
  const { directory, rules, newId } = decision;
  const site = directory.site.id;
  const timely = events.filter(({ late }) => !late);
  const statements = await loadStatements(
    tx,
    site,
    timely.map((incoming) => statementOf(incoming, rules)),
  );
  const alerting = events.filter(({ event }) => rules.ruleFor(event).alert !== 'never');
  const devices = [...new Set(alerting.map(({ device }) => device.id))];
  const trust = await dispositionCounts(tx, site, devices);
  const groups = [...new Set(events.flatMap(({ event }) => groupsOf(event)))];
  const clearings = await loadClearings(tx, site, timely);
  const unresolved = await lockUnresolved(tx, site, groups);
  const loads = await loadsOfOpening(tx, site, alerting, unresolved, decision.policy);
  const desk = new AlertDesk(unresolved, clearings, newId, decision.policy, loads);
  const scored = events.map((incoming): ScoredEvent => {
    const { event, gateway, device, late } = incoming;
    const key = dispositionKey({ device: device.id, kind: kindOf(event.type, subjectOf(event).details) });
    const context = contextOf(incoming, statements, trust.get(key) ?? noDispositions, decision);
    const risk = scoreEvent(event, context, rules);
    const receivedAt = new Date(incoming.receivedMs).toISOString();
    const alerts = mayAlert(incoming, context, rules);
    const { concern, lifeSafety } = rules.ruleFor(event);
    const alert = desk.take({ event, gateway: device.gateway, risk, receivedAt, alerts, lifeSafety });
    return { event, gateway, receivedAt, risk, concern, late, alert };
  });
  return { scored, alerts: await desk.save(tx) };
}

/**
 * Commits the work of some messages in one transaction: new events with their risk, what they do to alerts and to the
 * map, measurements, rejects, and the watermarks that say so. Either all of it is stored or nothing.
 */
export async function commitWork(db: Queryable, work: Work, decision: Decision): Promise<Committed> {
  const { site } = decision.directory;
  return db.transaction().execute(async (tx) => {
    const { receipts, fresh } = await handlePositions(tx, site.id, work, decision.newId, decision.nowMs);
    const { scored, alerts } = await decide(tx, fresh.events, decision);
    await insertEvents(tx, scored);
    const incidents = fresh.events.flatMap(({ event, device }) => {
      const kind = incidentKind(event);
      if (kind === undefined) return [];
      return [{ cell: incidentCell(event, device.at, site), kind, timeMs: Date.parse(event.time) }];
    });
    await addIncidents(tx, site.id, incidents);
    for (const { gateway, measurements } of work.telemetry) {
      await insertTelemetry(tx, site.id, gateway, measurements);
    }
    await insertRejects(tx, site.id, fresh.rejects);
    return { receipts, alerts, fresh, heatChanged: incidents.length > 0 };
  });
}
