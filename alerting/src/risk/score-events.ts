import { kindOf, subjectOf } from '../alerts/alert-subject.ts';
import type { AreaVerdict } from '../arming/area-rules.ts';
import type { DecisionContext } from '../ingest/decision-context.ts';
import type { Assessment, IncomingEvent, IngestBatch } from '../ingest/ingest-batch.ts';
import { ingestPolicy } from '../ingest/policy.ts';
import { dispositionCounts } from '../store/disposition-store.ts';
import { concerningEvents } from '../store/event-store.ts';
import type { Queryable } from '../store/schema.ts';
import { isArmed } from './armed-schedule.ts';
import { Corroboration, type DevicePlace, type Observation } from './corroboration.ts';
import { type DispositionCounts, noDispositions } from './device-trust.ts';
import { mayAlert, type RiskContext, scoreEvent } from './event-risk.ts';
import { KnownDispositions } from './known-dispositions.ts';
import { storedContext } from './risk-context.ts';
import { isAlertable, type RuleSet } from './rule-set.ts';

/** What an event says as far as others of its concern bear on it. */
export const observationOf = ({ event, device }: IncomingEvent, rules: RuleSet): Observation => ({
  device: device.id,
  zone: event.subject,
  concern: rules.ruleFor(event).concern,
  timeMs: Date.parse(event.time),
});

/** What was said lately around the events that may still page somebody. */
async function loadObservations(
  db: Queryable,
  site: string,
  timely: readonly Observation[],
  { policy, recent }: DecisionContext,
): Promise<readonly Observation[]> {
  const troubled = timely.filter(({ concern }) => concern !== 'none');
  if (troubled.length === 0) return [];
  const times = troubled.map(({ timeMs }) => timeMs);
  const { windowMs } = policy.risk.corroboration;
  const fromMs = Math.min(...times) - windowMs;
  const toMs = Math.max(...times) + windowMs;
  const known = recent?.between(fromMs, toMs);
  if (known) return [...known, ...troubled];
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const stored = await concerningEvents(db, site, from, to, ingestPolicy.corroborationRows);
  if (stored.length < ingestPolicy.corroborationRows) recent?.learnt(fromMs, stored);
  return [...stored, ...troubled];
}

/** What is known around an event when it is scored and assessed. */
function riskContextOf(
  incoming: IncomingEvent,
  corroboration: Corroboration,
  dispositions: DispositionCounts,
  { directory, rules }: DecisionContext,
  verdict: AreaVerdict | undefined,
): RiskContext {
  const { event, device, receivedMs } = incoming;
  const timeMs = Date.parse(event.time);
  const zone = directory.zone(event.subject) ?? directory.zone(device.zone);
  return {
    zoneCriticality: zone?.criticality ?? 0.5,
    armed: verdict
      ? verdict === 'armed'
      : zone !== undefined && isArmed(zone.armed, timeMs, directory.site.timeZone),
    corroboratingDevices: corroboration.devicesFor(observationOf(incoming, rules)),
    ageMs: receivedMs - timeMs,
    dispositions,
  };
}

/**
 * Scores events and says whether each may alert. Needs no lock, so it goes on while earlier batches are being
 * committed; `pending` are the events of those, which the store does not show yet.
 */
export async function scoreEvents(
  db: Queryable,
  events: readonly IncomingEvent[],
  pending: readonly IncomingEvent[],
  context: DecisionContext,
): Promise<Map<IncomingEvent, Assessment>> {
  if (events.length === 0) return new Map();
  const { directory, rules, policy } = context;
  const { corroboration: limits } = policy.risk;
  const site = directory.site.id;
  const timely = [...pending, ...events].filter(({ late }) => !late);
  const observations = await loadObservations(
    db,
    site,
    timely.map((incoming) => observationOf(incoming, rules)),
    context,
  );
  const placeOf = (id: string): DevicePlace | undefined => {
    const device = directory.device(id);
    return device && { plan: directory.planOf(device.zone).id, at: device.at };
  };
  const corroboration = new Corroboration(observations, placeOf, limits);
  // Of what never alerts, too, as far as another rule set could let it: a replay asks what was known then.
  const alerting = events.filter(({ event }) => isAlertable(event, rules));
  const verdicts = await context.arming?.verdicts(db, events);
  const devices = [...new Set(alerting.map(({ device }) => device.id))];
  const trust = await (context.dispositions ?? new KnownDispositions()).of(devices, (missing) =>
    dispositionCounts(db, site, missing),
  );
  return new Map(
    events.map((incoming) => {
      const { event, device } = incoming;
      const kind = kindOf(event.type, subjectOf(event).details);
      const dispositions = trust.get({ device: device.id, kind });
      const verdict = verdicts?.get(incoming);
      const around = riskContextOf(incoming, corroboration, dispositions ?? noDispositions, context, verdict);
      const assess = (known: RiskContext) => ({
        risk: scoreEvent(event, known, rules),
        alerts: mayAlert(event, known, rules),
        around: storedContext(known),
      });
      const ifArmed = verdict === 'entry' ? { ifArmed: assess({ ...around, armed: true }) } : {};
      return [incoming, { ...assess(around), ...ifArmed }];
    }),
  );
}

/**
 * Scores the events of batches ahead of their commit. Order and everything else of the batches stay as they
 * are.
 */
export async function prepareBatches(
  db: Queryable,
  batches: readonly IngestBatch[],
  pending: readonly IngestBatch[],
  context: DecisionContext,
): Promise<IngestBatch[]> {
  const eventsOf = (list: readonly IngestBatch[]) => list.flatMap(({ events }) => events);
  const assessed = await scoreEvents(db, eventsOf(batches), eventsOf(pending), context);
  return batches.map((batch) => ({
    ...batch,
    events: batch.events.map((incoming) => {
      const assessment = assessed.get(incoming);
      return assessment ? { ...incoming, assessment } : incoming;
    }),
  }));
}
