import { z } from 'zod';
import { siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { severitySchema } from './alert.ts';

/** What the alerts of an incident have in common; an incident has one. */
export const incidentConcerns = [
  'fire',
  'intrusion',
  'help',
  'access',
  'candidate',
  'utility',
  'technical',
  'other',
] as const;
export const incidentConcernSchema = z.enum(incidentConcerns);
export type IncidentConcern = z.infer<typeof incidentConcernSchema>;

/**
 * Follows from the alerts of the incident: `open` while one of them is, `acknowledged` while somebody has all
 * that are unresolved, `over` when none is.
 */
export const incidentStates = ['open', 'acknowledged', 'over'] as const;
export const incidentStateSchema = z.enum(incidentStates);
export type IncidentState = z.infer<typeof incidentStateSchema>;

/** Alerts of one happening. People are told of incidents; alerts keep their own life. */
export const incidentSchema = z.strictObject({
  id: uuidSchema,
  site: siteIdSchema,
  /** Grows by one with every change. */
  version: z.number().int().min(1),
  concern: incidentConcernSchema,
  /** The highest of its unresolved alerts; when it is over, of all. */
  severity: severitySchema,
  state: incidentStateSchema,
  /**
   * Whether nobody is told of it, because nobody is of any of its unresolved alerts. Otherwise its severity
   * and state are those of the alerts that people are told of.
   */
  quiet: z.boolean(),
  /** Where its alerts are. */
  zones: z.array(zoneIdSchema).min(1),
  /** How many alerts it has. */
  alerts: z.number().int().min(0),
  /** Changes of the causes of its alerts, when they were too many to be told one by one. */
  flapping: z.number().int().min(0),
  openedAt: timeSchema,
  updatedAt: timeSchema,
  /** When its newest alert joined. */
  lastMemberAt: timeSchema,
  /** Since when it is over. */
  closedAt: timeSchema.nullable(),
  /** The version in which its severity rose or it opened the last time: what did not see that is stale. */
  changedIn: z.number().int().min(1),
  /** The incident of which its alerts are now. */
  mergedInto: uuidSchema.nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;
