import { z } from 'zod';
import { type EventType, eventTypes } from '../wire/events/event-types.ts';
import { type SystemEventType, systemEventTypes } from '../wire/events/system.ts';
import {
  deviceIdSchema,
  gatewayIdSchema,
  siteIdSchema,
  timeSchema,
  uuidSchema,
  zoneIdSchema,
} from '../wire/ids.ts';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

export const alertStates = ['open', 'acknowledged', 'in_progress', 'resolved', 'closed'] as const;
export const alertStateSchema = z.enum(alertStates);
export type AlertState = z.infer<typeof alertStateSchema>;

export const dispositions = ['genuine', 'false', 'nuisance', 'test', 'duplicate'] as const;
export const dispositionSchema = z.enum(dispositions);
export type Disposition = z.infer<typeof dispositionSchema>;

/**
 * Whether the cause holds. `momentary`: it happened and was over at once (a button was pressed, a report came
 * in), so there is nothing that could still hold or end.
 */
export const alertConditions = ['active', 'cleared', 'momentary'] as const;
export const alertConditionSchema = z.enum(alertConditions);
export type AlertCondition = z.infer<typeof alertConditionSchema>;

const versionSchema = z.number().int().min(1);

/** Types of events that can open an alert: what gateways send, and what alerting itself finds out. */
export type AlertEventType = EventType | SystemEventType;
export const alertEventTypes: readonly AlertEventType[] = [...eventTypes, ...systemEventTypes];

/** Names of the parts of an event risk; the console has a text for each in both languages. */
export const riskFactorNames = [
  'severity_of_type',
  'zone_criticality',
  'armed_schedule',
  'corroboration',
  'recency',
  'device_trust',
  'match_confidence',
] as const;

export const riskFactorSchema = z.strictObject({
  name: z.enum(riskFactorNames),
  /** What this part adds to (or takes from) the score; the points of all factors sum to the score. */
  points: z.number().min(-100).max(100),
  /** What the points rest on, as plain values: `{ "type": "sensor.alarm", "kind": "smoke" }`. */
  because: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type RiskFactor = z.infer<typeof riskFactorSchema>;

/** The risk of an event at a place and time, 0–100. Never of a person. */
export const riskSchema = z.strictObject({
  score: z.number().min(0).max(100),
  factors: z.array(riskFactorSchema).min(1).max(16),
  /** Version of the rule set that scored it. */
  ruleSet: z.string().max(32),
});
export type Risk = z.infer<typeof riskSchema>;

/** Why nobody is told of an alert that exists. */
export const suppressionKinds = ['silence', 'inhibition', 'flapping', 'snooze'] as const;
export const suppressionSchema = z.strictObject({
  kind: z.enum(suppressionKinds),
  /** What keeps it quiet: the id of the silence or of the snooze, or of the alert that stands above it. */
  ref: z.string().min(1).max(128),
  /** When it ends by itself; null where something else ends it. */
  until: timeSchema.nullable(),
  /** Who wanted it; null where nobody did. */
  by: z.string().max(64).nullable(),
});
export type Suppression = z.infer<typeof suppressionSchema>;

/** An alert as it travels on `…/alerts/{alert}` and in the API. */
export const alertSchema = z.strictObject({
  id: uuidSchema,
  site: siteIdSchema,
  zone: zoneIdSchema,
  gateway: gatewayIdSchema,
  device: deviceIdSchema,
  /** Type of the event that opened it. */
  eventType: z.enum(alertEventTypes),
  /** What the type alone does not say: sensor kind, reason of a rejection, list and entry of a candidate. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  severity: severitySchema,
  state: alertStateSchema,
  /** Whether the cause still holds (a smoke alarm that cleared stays an alert until it is resolved). */
  condition: alertConditionSchema,
  risk: riskSchema,
  /**
   * How late its first event arrived, when that was too late to page anybody but for what it says,
   * milliseconds.
   */
  lateMs: z.number().int().min(0).optional(),
  /** Events that this alert groups. */
  eventCount: z.number().int().min(1),
  openedAt: timeSchema,
  /** Capture time of the newest event. */
  lastEventAt: timeSchema,
  updatedAt: timeSchema,
  acknowledgedBy: z.string().max(64).nullable(),
  resolvedBy: z.string().max(64).nullable(),
  disposition: dispositionSchema.nullable(),
  /** Grows by one with every change; lets a reader drop what is older than what it has. */
  version: versionSchema,
  /**
   * The version in which each of these last changed. A step is refused as stale when the version that it saw
   * is older than one of them; further events of the same severity make no step stale. Absent in alerts of
   * older services.
   */
  changedIn: z
    .strictObject({ severity: versionSchema, state: versionSchema, disposition: versionSchema })
    .optional(),
  /** Why nobody is told of it now; absent where they are. */
  suppressions: z.array(suppressionSchema).min(1).max(32).optional(),
});
export type Alert = z.infer<typeof alertSchema>;

/**
 * One step of an alert’s life: append-only. `from` and `to` are equal for a note, and for a correction of
 * what the alert was said to be.
 */
export const alertTransitionSchema = z.strictObject({
  alert: uuidSchema,
  from: alertStateSchema.nullable(),
  to: alertStateSchema,
  actor: z.string().min(1).max(64),
  time: timeSchema,
  reason: z.string().max(500).nullable(),
  /** What somebody said with this step that the alert was; absent or null when nothing was said. */
  disposition: dispositionSchema.nullable().optional(),
});
export type AlertTransition = z.infer<typeof alertTransitionSchema>;
