import { z } from 'zod';
import { passRejectionReasons } from '../wire/events/code.ts';
import { sensorKinds } from '../wire/events/sensor.ts';
import { warningSeverities } from '../wire/events/system.ts';
import { severitiesSchema } from './policy-risk.ts';

const base = z.number().int().min(0).max(100).optional();
const points = (least: number, most: number) => z.number().int().min(least).max(most).optional();

/** What a rule set says of one kind of event; what it leaves out stays as it is built in. */
const ruleSchema = z
  .strictObject({
    /** Points of the kind itself. */
    base,
    /** Points added while the zone is armed. */
    armed: points(-100, 100),
    /** Whether it becomes an alert at all. */
    alert: z.enum(['always', 'when_armed', 'never']).optional(),
  })
  .optional();

/** As {@link ruleSchema}; a danger to life always alerts, and no armed zone makes it smaller. */
const lifeSafetyRuleSchema = z
  .strictObject({ base, armed: points(0, 100), alert: z.literal('always').optional() })
  .optional();

const kinds = <const Name extends string>(names: readonly Name[], dangerous: readonly Name[] = []) =>
  z
    .strictObject(
      Object.fromEntries(
        names.map((name) => [name, dangerous.includes(name) ? lifeSafetyRuleSchema : ruleSchema]),
      ) as Record<Name, typeof ruleSchema>,
    )
    .optional();

/** Rules by the kind of event. What is never an alert has none. */
const eventRulesSchema = z.strictObject({
  'sensor.alarm': kinds(sensorKinds, ['smoke', 'gas']),
  'sensor.anomaly': ruleSchema,
  'pass.rejected': kinds(passRejectionReasons),
  'report.received': kinds(
    ['intrusion', 'theft', 'violence', 'vandalism', 'fire', 'medical', 'traffic', 'other'],
    ['violence', 'fire', 'medical'],
  ),
  /** Of the watch list; a candidate of the access list may pass and is never an alert. */
  'face.candidate': ruleSchema,
  'tamper.cover': ruleSchema,
  'tamper.video_loss': ruleSchema,
  'zone.entered': ruleSchema,
  'zone.loitering': ruleSchema,
  'line.crossed': ruleSchema,
  'panic.pressed': lifeSafetyRuleSchema,
  'broker.lost': ruleSchema,
  'gateway.lost': ruleSchema,
  'gateway.fault': ruleSchema,
  'device.lost': ruleSchema,
  'settings.broken': ruleSchema,
  'warning.received': kinds(warningSeverities),
});

/** What is known around an event, in points. */
const contextRulesSchema = z.strictObject({
  /** A zone of criticality 1 adds this, of criticality 0 takes it away. */
  zone: points(0, 50),
  /** One other device nearby says the like; two or more do. */
  corroboration: z.strictObject({ one: points(0, 50), several: points(0, 50) }).optional(),
  /** Taken away per minute of age, and how much at most. */
  recency: z.strictObject({ perMinute: points(0, 50), most: points(0, 100) }).optional(),
  /** Per unit of trust (0…1) in the device above or below that of a new one. */
  trust: points(0, 100),
  /** Per unit of confidence (0…1) above or below one half. */
  confidence: points(0, 100),
});

/**
 * `sites/<id>/rules/<name>.yaml`: what the events of a site score and which of them alert, as changes of the
 * rules that are built in.
 */
export const ruleSetFileSchema = z.strictObject({
  /** Form of this file. */
  version: z.literal(1),
  /** The built-in rules that it changes: an update that brings others changes no site by itself. */
  extends: z.literal('wp-1'),
  /** For people. */
  note: z.string().max(500).optional(),
  /** The score from which an alert is of each severity; left out: as the site file says. */
  severities: severitiesSchema.optional(),
  events: eventRulesSchema.default({}),
  context: contextRulesSchema.default({}),
});
/** A rule set as it is described. */
export type RuleSetFile = z.output<typeof ruleSetFileSchema>;

/** A rule set with what it is known by. */
export interface NamedRuleSet {
  /** `name@digest`: stands beside every score that it made. */
  readonly id: string;
  readonly rules: RuleSetFile;
}

/** The id of the rules that are built in. */
export const builtInRuleSetId = 'wp-1';
