import { z } from 'zod';
import { eventTypes } from './events/event-types.ts';
import {
  deviceIdSchema,
  gatewayIdSchema,
  siteIdSchema,
  timeSchema,
  uuidSchema,
  zoneIdSchema,
} from './ids.ts';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

export const alertStates = ['open', 'acknowledged', 'in_progress', 'resolved', 'closed'] as const;
export const alertStateSchema = z.enum(alertStates);
export type AlertState = z.infer<typeof alertStateSchema>;

export const dispositions = ['genuine', 'false', 'nuisance', 'test', 'duplicate'] as const;
export const dispositionSchema = z.enum(dispositions);
export type Disposition = z.infer<typeof dispositionSchema>;

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

/** An alert as it travels on `…/alerts/{alert}` and in the API. */
export const alertSchema = z.strictObject({
  id: uuidSchema,
  site: siteIdSchema,
  zone: zoneIdSchema,
  gateway: gatewayIdSchema,
  device: deviceIdSchema,
  /** Type of the event that opened it. */
  eventType: z.enum(eventTypes),
  /** What the type alone does not say: sensor kind, reason of a rejection, list and entry of a candidate. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  severity: severitySchema,
  state: alertStateSchema,
  /** Whether the cause still holds (a smoke alarm that cleared stays an alert until it is resolved). */
  condition: z.enum(['active', 'cleared']),
  risk: riskSchema,
  /** How late its first event arrived, when that was too late to page anybody but for what it says, milliseconds. */
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
  version: z.number().int().min(1),
});
export type Alert = z.infer<typeof alertSchema>;

/** One step of an alert’s life: append-only. */
export const alertTransitionSchema = z.strictObject({
  alert: uuidSchema,
  from: alertStateSchema.nullable(),
  to: alertStateSchema,
  actor: z.string().min(1).max(64),
  time: timeSchema,
  reason: z.string().max(500).nullable(),
});
export type AlertTransition = z.infer<typeof alertTransitionSchema>;
