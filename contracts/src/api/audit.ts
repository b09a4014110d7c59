import { z } from 'zod';
import { siteIdSchema, timeSchema } from '../wire/ids.ts';

/**
 * What the audit log records: a closed list, so that a filter and a reader know every kind. An action that
 * was tried and refused has the name of what was tried, with the outcome `refused`.
 */
export const auditActions = [
  'log_in',
  'log_in_refused',
  'log_out',
  'access_refused',
  'account_invited',
  'account_changed',
  'account_disabled',
  'account_enabled',
  'account_reset',
  'account_deleted',
  'roles_changed',
  'password_changed',
  'link_made',
  'link_used',
  'sessions_ended',
  'factor_added',
  'factor_removed',
  'token_made',
  'token_used',
  'token_revoked',
  'list_read',
  'list_searched',
  'list_entry_viewed',
  'list_entry_proposed',
  'list_entry_edited',
  'list_entry_approved',
  'list_entry_refused',
  'list_entry_withdrawn',
  'list_entry_expired',
  'list_entry_reviewed',
  'list_entry_erased',
  'photo_added',
  'photo_viewed',
  'texts_searched',
  'texts_struck',
  'candidate_viewed',
  'candidate_answered',
  'incident_acknowledged_by_link',
  'incident_merged',
  'incident_split',
  'exported',
  'evidence_viewed',
  'threshold_changed',
  'site_changed',
  'privacy_changed',
  'secret_written',
  'still_viewed',
  'camera_tried',
  'pass_issued',
  'pass_revoked',
  'pass_confirmed',
  'pass_link_made',
  'pass_shown',
  'pass_viewed',
  'passes_read',
  'pass_overused',
  'plate_issued',
  'plate_retired',
  'rota_made',
  'rota_changed',
  'rota_ended',
  'duty_exception_made',
  'duty_exception_cancelled',
  'duty_calendar_changed',
  'duty_swap_asked',
  'duty_swap_answered',
  'duty_swap_withdrawn',
  'handover_made',
  'handover_signed',
  'handover_viewed',
  'silence_made',
  'silence_changed',
  'silence_signed',
  'silence_ended',
  'area_armed',
  'area_disarmed',
  'area_bypassed',
  'arming_postponed',
  'arming_code_set',
  'receiver_saved',
  'receiver_removed',
  'receiver_tested',
  'receiver_verified',
  'warning_sender_decided',
  'department_made',
  'department_changed',
  'department_ended',
  'unit_made',
  'unit_changed',
  'unit_ended',
  'response_offered',
  'response_acknowledged',
  'response_ended',
  'task_offered',
  'task_step',
  'position_consented',
  'position_ended',
  'positions_viewed',
  'timeline_exported',
  'escalation_policy_saved',
  'escalation_policy_removed',
  'gallery_rekeyed',
  'lists_restored',
  'gateway_invited',
  'gateway_revoked',
  'gateway_readmitted',
  'backup_made',
  'server_restored',
  'audit_read',
  'audit_exported',
  'audit_closed',
] as const;
export const auditActionSchema = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditActionSchema>;

/**
 * Who did it. An account is known by its id, because names are used again; `account` is null where somebody
 * only said that they are `name`. `system` is the server by itself, `server console` whoever has the server’s
 * computer.
 */
export const auditActorSchema = z.union([
  z.literal('system'),
  z.literal('server console'),
  z.strictObject({ account: z.string().min(1).max(64).nullable(), name: z.string().max(64) }),
]);
export type AuditActor = z.infer<typeof auditActorSchema>;

/** What it was done to. */
export const auditSubjectSchema = z.strictObject({
  /** `account`, `entry`, `token`, `audit` … */
  kind: z.string().regex(/^[a-z_]{1,32}$/),
  id: z.string().min(1).max(128),
});
export type AuditSubject = z.infer<typeof auditSubjectSchema>;

const detail = z.union([
  z.string().max(1_000),
  z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER),
  z.boolean(),
  z.null(),
]);

/**
 * What else is known: flat, never a secret, a picture, a template, or what is read in a search. Numbers are
 * whole, so that they have one spelling only.
 */
export const auditDetailsSchema = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/),
  z.union([detail, z.array(detail).max(1_000)]),
);
export type AuditDetails = z.infer<typeof auditDetailsSchema>;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** One entry of the audit log, as it is stored, answered and exported. */
export const auditEntrySchema = z.strictObject({
  /** 1, 2, 3 … over the whole server, without gaps. */
  position: z.number().int().min(1),
  at: timeSchema,
  /** Null: of the server as a whole. */
  site: siteIdSchema.nullable(),
  actor: auditActorSchema,
  action: auditActionSchema,
  subject: auditSubjectSchema.nullable(),
  /** What the person wrote. */
  reason: z.string().max(1_000).nullable(),
  outcome: z.enum(['done', 'refused']),
  details: auditDetailsSchema,
  /** `hash` of the entry before; 64 zeros at the first. */
  previous: hash,
  /** SHA-256 of the canonical form (RFC 8785) of all other fields, hexadecimal. */
  hash,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** `GET /api/v1/audit`: the newest first. Filters narrow; `site` chooses one of the sites. */
export const auditQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  action: auditActionSchema.optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  /** Name of an account, exactly. */
  actor: z.string().min(1).max(64).optional(),
  /** Id of what it was done to, exactly. */
  subject: z.string().min(1).max(128).optional(),
  from: timeSchema.optional(),
  /** Up to, and not at, this time. */
  until: timeSchema.optional(),
  /** Entries before this position: `next` of the page before. */
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditQuery = z.output<typeof auditQuerySchema>;

export const auditPageSchema = z.strictObject({
  entries: z.array(auditEntrySchema),
  /** `before` of the next page; null at the end. */
  next: z.number().int().nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;
