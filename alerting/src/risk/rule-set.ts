import type { AlertEventType, Severity } from '@watchpost/contracts/alert';
import { builtInRuleSetId } from '@watchpost/contracts/site';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { defaultRiskPolicy, type SeverityBands } from './policy.ts';

/** What kind of trouble an event points at; only events of the same concern corroborate each other. */
export type Concern = 'fire' | 'intrusion' | 'help' | 'utility' | 'none';

/** How one kind of event is scored. Points are integers, so that the factors of a score add up exactly. */
export interface Rule {
  /** Points of the type itself, 0–100. */
  readonly base: number;
  /** Points added while the zone is armed. */
  readonly armed: number;
  readonly concern: Concern;
  /** Whether it becomes an alert at all. */
  readonly alert: 'always' | 'when_armed' | 'never';
  /** A danger to life is never talked down by an unimportant zone or by a device that often errs. */
  readonly lifeSafety: boolean;
}

/** A versioned set of rules: the same events scored with another set show what it would change. */
export interface RuleSet {
  readonly version: string;
  readonly ruleFor: (event: StoredEvent) => Rule;
  /** A zone of criticality 1 adds this, of criticality 0 takes it away. */
  readonly zoneSwing: number;
  /** Points for one and for two or more other devices that say the like. */
  readonly corroboration: readonly [number, number];
  /** Taken away per minute of age, down to `recencyFloor`. */
  readonly recencyPerMinute: number;
  readonly recencyFloor: number;
  /** Points per unit of trust above or below `trustPrior`'s mean. */
  readonly trustSwing: number;
  /** Points per unit of confidence above or below one half. */
  readonly confidenceSwing: number;
}

/** Severity of a score 0–100, by the bands of its site. */
export function severityOf(
  score: number,
  { medium, high, critical }: SeverityBands = defaultRiskPolicy.severities,
): Severity {
  if (score >= critical) return 'critical';
  if (score >= high) return 'high';
  return score >= medium ? 'medium' : 'low';
}

const rule = (
  base: number,
  concern: Concern,
  rest: Partial<Pick<Rule, 'armed' | 'alert' | 'lifeSafety'>> = {},
): Rule => ({ base, concern, armed: 0, alert: 'always', lifeSafety: false, ...rest });

const silent = rule(0, 'none', { alert: 'never' });
const lifeSafety = { lifeSafety: true } as const;

const sensorRules = {
  smoke: rule(85, 'fire', lifeSafety),
  gas: rule(85, 'fire', lifeSafety),
  temperature: rule(50, 'fire'),
  water: rule(55, 'utility'),
  glass_break: rule(60, 'intrusion', { armed: 15 }),
  door: rule(20, 'intrusion', { armed: 35 }),
  motion: rule(10, 'intrusion', { armed: 35, alert: 'when_armed' }),
} as const;

const rejectionRules = {
  signature: rule(58, 'intrusion'),
  unknown_key: rule(58, 'intrusion'),
  revoked: rule(42, 'intrusion'),
  used_up: rule(40, 'intrusion'),
  replayed: rule(50, 'intrusion'),
  wrong_audience: rule(24, 'intrusion'),
  expired: rule(22, 'intrusion'),
  not_yet_valid: rule(18, 'intrusion'),
  malformed: rule(12, 'none'),
  // Nobody judged the pass: somebody stands at the gate and waits for a guard.
  clock_unknown: rule(30, 'none'),
  list_expired: rule(30, 'none'),
} as const;

const reportRules = {
  fire: rule(85, 'fire', lifeSafety),
  violence: rule(80, 'help', lifeSafety),
  medical: rule(80, 'help', lifeSafety),
  intrusion: rule(62, 'intrusion'),
  theft: rule(42, 'intrusion'),
  vandalism: rule(38, 'intrusion'),
  traffic: rule(34, 'help'),
  other: rule(24, 'none'),
} as const;

/** By the severity of CAP: what may kill alerts as such, the rest says that there is something. */
const warningRules = {
  extreme: rule(88, 'none'),
  severe: rule(68, 'none'),
  moderate: rule(45, 'none'),
  minor: rule(22, 'none'),
  unknown: rule(35, 'none'),
} as const;

const typeRules = {
  'watchpost.face.abstain.v1': silent,
  'watchpost.pass.accepted.v1': silent,
  'watchpost.address.scanned.v1': silent,
  'watchpost.sensor.cleared.v1': silent,
  'watchpost.sensor.anomaly.v1': rule(10, 'none'),
  'watchpost.tamper.cover.v1': rule(65, 'intrusion', { armed: 8 }),
  'watchpost.tamper.video_loss.v1': rule(62, 'intrusion', { armed: 8 }),
  'watchpost.tamper.cleared.v1': silent,
  'watchpost.broker.lost.v1': rule(80, 'none'),
  'watchpost.gateway.lost.v1': rule(66, 'none'),
  'watchpost.gateway.fault.v1': rule(40, 'none'),
  'watchpost.device.lost.v1': rule(45, 'none'),
  'watchpost.settings.broken.v1': rule(40, 'none'),
  'watchpost.system.restored.v1': silent,
  'watchpost.warning.ended.v1': silent,
  'watchpost.zone.entered.v1': rule(10, 'intrusion', { armed: 30, alert: 'when_armed' }),
  'watchpost.zone.loitering.v1': rule(20, 'intrusion', { armed: 20 }),
  'watchpost.line.crossed.v1': rule(10, 'intrusion', { armed: 30, alert: 'when_armed' }),
  'watchpost.panic.pressed.v1': rule(90, 'help', lifeSafety),
} as const satisfies Partial<Record<AlertEventType, Rule>>;

const watchListRule = rule(60, 'intrusion');

/** A built-in rule, named as in a rule set: `events.{event}.{kind}`. */
export interface BuiltInRule {
  readonly event: string;
  /** Absent where all events of that name score alike. */
  readonly kind?: string;
  readonly rule: Rule;
}

const byKind = (event: string, rules: Readonly<Record<string, Rule>>): BuiltInRule[] =>
  Object.entries(rules).map(([kind, rule]) => ({ event, kind, rule }));

/** The built-in rules of all events that may alert. */
export const builtInRules: readonly BuiltInRule[] = [
  ...byKind('sensor.alarm', sensorRules),
  ...byKind('pass.rejected', rejectionRules),
  ...byKind('report.received', reportRules),
  ...byKind('warning.received', warningRules),
  { event: 'face.candidate', rule: watchListRule },
  ...Object.entries(typeRules)
    .filter(([, rule]) => rule !== silent)
    .map(([type, rule]) => ({ event: type.slice('watchpost.'.length, -'.v1'.length), rule })),
];

function ruleFor(event: StoredEvent): Rule {
  switch (event.type) {
    case 'watchpost.sensor.alarm.v1':
      return sensorRules[event.data.kind];
    case 'watchpost.pass.rejected.v1':
      return rejectionRules[event.data.reason];
    case 'watchpost.report.received.v1':
      return reportRules[event.data.category];
    case 'watchpost.warning.received.v1':
      return warningRules[event.data.severity];
    case 'watchpost.face.candidate.v1':
      // A match with the access list is somebody who may pass: it is history, not an alert.
      return event.data.list === 'watch' ? watchListRule : silent;
    default:
      return typeRules[event.type];
  }
}

/** Whether an event alerts under some rules: these, or those that a site could write. */
export const isAlertable = (event: StoredEvent, rules: RuleSet): boolean =>
  ruleFor(event) !== silent || rules.ruleFor(event).alert !== 'never';

/** The rule set that is built in: in force where a site names none. */
export const defaultRuleSet: RuleSet = {
  version: builtInRuleSetId,
  ruleFor,
  zoneSwing: 8,
  corroboration: [6, 10],
  recencyPerMinute: 1,
  recencyFloor: -10,
  trustSwing: 24,
  confidenceSwing: 10,
};
