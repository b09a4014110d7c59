import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { ruleSetFileSchema } from '../site/rule-set.ts';
import { deviceIdSchema, siteIdSchema, timeSchema, zoneIdSchema } from '../wire/ids.ts';

/** `POST /api/v1/rules/replay?site=…`: what other rules would have changed. */
export const replayRequestSchema = z.strictObject({
  /** The events that came from here … */
  from: timeSchema,
  /** … and before this. */
  to: timeSchema,
  /** `in_force`, `built_in`, or a rule set as its file says it. */
  rules: z.union([z.enum(['in_force', 'built_in']), ruleSetFileSchema]),
});
export type ReplayRequest = z.output<typeof replayRequestSchema>;

/** One alert that would have been another one. */
export const replayDifferenceSchema = z.strictObject({
  what: z.enum(['appears', 'vanishes', 'severity']),
  openedAt: timeSchema,
  zone: zoneIdSchema,
  device: deviceIdSchema,
  /** Kind of its events, finer than the type: `watchpost.sensor.alarm.v1/smoke`. */
  kind: z.string(),
  /** The alert that there was; absent for one that appears. */
  alert: z.string().optional(),
  before: severitySchema.optional(),
  after: severitySchema.optional(),
  /** Of the gravest event: under the other rules, or as it was where it vanishes. */
  score: z.number(),
  eventCount: z.number().int(),
});
export type ReplayDifference = z.infer<typeof replayDifferenceSchema>;

const count = z.number().int().min(0);

/** What another rule set would have made of the events of a window. */
export const replayAnswerSchema = z.strictObject({
  site: siteIdSchema,
  from: timeSchema,
  to: timeSchema,
  /** Id of the rules that were tried. */
  ruleSet: z.string(),
  /** Events that were looked at: those that no rule set lets alert are left out. */
  events: count,
  /** Alerts that opened in the window. */
  alerts: z.strictObject({
    before: count,
    after: count,
    same: count,
    appear: count,
    vanish: count,
    change: count,
  }),
  /** Events of before what was known around them was stored: hours as today, the rest by their scores. */
  estimated: count,
  /** The first of them, by time. */
  differences: z.array(replayDifferenceSchema),
  /** How many more there are. */
  unshown: count,
  tookMs: count,
});
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;
