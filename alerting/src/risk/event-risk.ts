import type { Risk, RiskFactor } from '@watchpost/contracts/alert';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { type DispositionCounts, trustMean, trustPriorMean } from './device-trust.ts';
import type { Rule, RuleSet } from './rule-set.ts';

/** What is known around an event when it is scored. */
export interface RiskContext {
  /** Criticality of the zone, 0…1. */
  readonly zoneCriticality: number;
  /** Whether the zone was armed at the capture time. */
  readonly armed: boolean;
  /** Other devices nearby that said something of the same concern at about the same time. */
  readonly corroboratingDevices: number;
  /** Receipt time minus capture time, milliseconds. */
  readonly ageMs: number;
  /** What earlier alerts of this device about this kind of event turned out to be. */
  readonly dispositions: DispositionCounts;
}

type Because = RiskFactor['because'];

/**
 * The running score. Each factor is cut where the score would leave 0…100, so the points that are shown
 * always add up to the score exactly (all points are integers).
 */
class Tally {
  #score = 0;
  readonly factors: RiskFactor[] = [];

  get score(): number {
    return this.#score;
  }

  add(name: RiskFactor['name'], points: number, because: Because): void {
    const next = Math.min(100, Math.max(0, this.#score + Math.round(points)));
    const added = next - this.#score;
    if (added !== 0 || this.factors.length === 0) this.factors.push({ name, points: added, because });
    this.#score = next;
  }
}

/** What the type alone does not say, as the explanation of its base points. */
function severityBecause(event: StoredEvent): Because {
  switch (event.type) {
    case 'watchpost.sensor.alarm.v1':
    case 'watchpost.sensor.anomaly.v1':
      return { type: event.type, kind: event.data.kind };
    case 'watchpost.pass.rejected.v1':
      return { type: event.type, reason: event.data.reason };
    case 'watchpost.report.received.v1':
      return { type: event.type, category: event.data.category };
    case 'watchpost.warning.received.v1':
      return { type: event.type, severity: event.data.severity };
    case 'watchpost.face.candidate.v1':
      return { type: event.type, list: event.data.list };
    default:
      return { type: event.type };
  }
}

function addContext(tally: Tally, rule: Rule, context: RiskContext, rules: RuleSet): void {
  const floor = rule.lifeSafety ? 0 : Number.NEGATIVE_INFINITY;
  const swing = (points: number) => Math.max(floor, points);
  tally.add('zone_criticality', swing((context.zoneCriticality - 0.5) * 2 * rules.zoneSwing), {
    criticality: context.zoneCriticality,
  });
  if (context.armed) tally.add('armed_schedule', rule.armed, { armed: true });
  if (context.corroboratingDevices > 0) {
    const points = rules.corroboration[context.corroboratingDevices > 1 ? 1 : 0];
    tally.add('corroboration', points, { devices: context.corroboratingDevices });
  }
  const minutes = Math.max(0, Math.floor(context.ageMs / 60_000));
  tally.add('recency', swing(Math.max(rules.recencyFloor, -minutes * rules.recencyPerMinute)), {
    ageMinutes: minutes,
  });
  const trust = trustMean(context.dispositions);
  tally.add('device_trust', swing((trust - trustPriorMean) * rules.trustSwing), {
    trust: Math.round(trust * 100) / 100,
    genuine: context.dispositions.genuine,
    mistaken: context.dispositions.mistaken,
  });
}

/**
 * The risk of an event at its place and time, 0–100, with the factors that make it up. Never the risk of a
 * person: a watch-list candidate scores by its type and by how sure the match is, nothing else about the
 * person exists here.
 */
export function scoreEvent(event: StoredEvent, context: RiskContext, rules: RuleSet): Risk {
  const rule = rules.ruleFor(event);
  const tally = new Tally();
  tally.add('severity_of_type', rule.base, severityBecause(event));
  if (rule.alert !== 'never') {
    if (event.type === 'watchpost.face.candidate.v1') {
      const { confidence, falseMatchRate } = event.data;
      const points = (confidence - 0.5) * rules.confidenceSwing;
      tally.add('match_confidence', points, { confidence, falseMatchRate });
    }
    addContext(tally, rule, context, rules);
  }
  return { score: tally.score, factors: tally.factors, ruleSet: rules.version };
}

/**
 * Whether the rules let the event page somebody. Asked of the context: the points that explain a score may be
 * 0. Danger to life alerts whether its zone is armed or not.
 */
export function mayAlert(event: StoredEvent, { armed }: RiskContext, rules: RuleSet): boolean {
  const { alert, lifeSafety } = rules.ruleFor(event);
  return alert === 'always' || (alert === 'when_armed' && (armed || lifeSafety));
}
