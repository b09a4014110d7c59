import { z } from 'zod';
import { alertSchema, alertTransitionSchema, dispositionSchema, severitySchema } from '../alert/alert.ts';
import { incidentConcernSchema, incidentSchema, incidentStateSchema } from '../alert/incident.ts';
import { instructionSchema } from '../site/instructions.ts';
import { siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { noticeKinds } from './notices.ts';

/**
 * `GET /api/v1/incidents`: the gravest first, then what opened first; of those that are over what opened last
 * first.
 */
export const incidentQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  /** One of them; all that are not over when absent. */
  state: incidentStateSchema.optional(),
  severity: severitySchema.optional(),
  concern: incidentConcernSchema.optional(),
  zone: zoneIdSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** From `next` of the page before, asked for with the same filters. */
  cursor: z.string().max(256).optional(),
});

/** An incident, with what is counted when somebody looks; of zones that somebody may not see, nothing. */
export const incidentViewSchema = incidentSchema.extend({
  /** Events of all its alerts. */
  events: z.number().int().min(0),
  /** Alerts of which nobody is told. */
  hidden: z.number().int().min(0),
  /** Whether the cause of one of its alerts still holds. */
  active: z.boolean(),
  /** Who has unresolved alerts of it. */
  takenBy: z.array(z.string().max(64)),
  /** The alert that says most of it. */
  lead: alertSchema.nullable(),
});
export type IncidentView = z.infer<typeof incidentViewSchema>;

export const incidentPageSchema = z.strictObject({
  incidents: z.array(incidentViewSchema),
  /** Cursor of the next page; null on the last one. */
  next: z.string().nullable(),
  time: timeSchema,
});
export type IncidentPage = z.infer<typeof incidentPageSchema>;

/** What people did with an incident as a whole. */
export const incidentNoteKinds = ['comment', 'merged', 'split'] as const;

/** Who knew and did what when. */
export const incidentMomentSchema = z.discriminatedUnion('kind', [
  /** An alert opened, or somebody took a step with it. */
  z.strictObject({ kind: z.literal('step'), at: timeSchema, step: alertTransitionSchema }),
  /** A receiver is told. */
  z.strictObject({
    kind: z.literal('notice'),
    at: timeSchema,
    receiver: z.string(),
    channel: z.string().max(32),
    says: z.enum(noticeKinds),
    state: z.enum(['waiting', 'sending', 'sent', 'refused', 'lapsed']),
  }),
  z.strictObject({
    kind: z.literal('note'),
    at: timeSchema,
    what: z.enum(incidentNoteKinds),
    actor: z.string().max(64),
    text: z.string().max(500).nullable(),
    /** The other incident of a merge or a split. */
    other: uuidSchema.nullable(),
    /** Alerts that were moved. */
    alerts: z.number().int().min(0),
  }),
]);
export type IncidentMoment = z.infer<typeof incidentMomentSchema>;

export const incidentDetailSchema = z.strictObject({
  incident: incidentViewSchema,
  /** Unresolved ones first, then the gravest; so many at most as one page shows. */
  alerts: z.array(alertSchema),
  /** Oldest first; the newest ones where there are more than one page shows. */
  timeline: z.array(incidentMomentSchema),
  /** What is to be done about the alert that says most of it. */
  instruction: instructionSchema.optional(),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

const seenVersion = z.number().int().min(1);
const reason = z.string().trim().min(1).max(500);

/**
 * `POST /api/v1/incidents/{id}/steps`: with all of its alerts at once. `version` is that of the incident as
 * the person saw it; when it rose or opened again since, the answer is 409 `incident.stale`. A repeat changes
 * nothing.
 */
export const incidentStepRequestSchema = z.strictObject({
  version: seenVersion,
  to: z.enum(['acknowledged', 'resolved']),
  reason: z.string().max(500).optional(),
  /** What it was; needed to resolve high and critical alerts. */
  disposition: dispositionSchema.optional(),
});
export type IncidentStepRequest = z.infer<typeof incidentStepRequestSchema>;

/** `POST /api/v1/incidents/{id}/merge`: its alerts become those of `into`. */
export const incidentMergeRequestSchema = z.strictObject({ version: seenVersion, into: uuidSchema, reason });
export type IncidentMergeRequest = z.infer<typeof incidentMergeRequestSchema>;

/**
 * `POST /api/v1/incidents/{id}/split`: these alerts become an incident of their own, whose id the client
 * makes: a repeat changes nothing.
 */
export const incidentSplitRequestSchema = z.strictObject({
  id: uuidSchema,
  version: seenVersion,
  alerts: z.array(uuidSchema).min(1).max(500),
  reason,
});
export type IncidentSplitRequest = z.infer<typeof incidentSplitRequestSchema>;

/** `POST /api/v1/incidents/{id}/comments`. `id` is made by the client: a repeat changes nothing. */
export const incidentCommentRequestSchema = z.strictObject({ id: uuidSchema, text: reason });
export type IncidentCommentRequest = z.infer<typeof incidentCommentRequestSchema>;
