import { z } from 'zod';
import { type AuditAction, auditDetailsSchema, auditSubjectSchema } from '../api/audit.ts';
import { siteIdSchema, timeSchema } from '../wire/ids.ts';

/**
 * Folder in the data folder in which commands at the server’s computer leave what they do, whether the server
 * runs or not, until alerting has taken it into the audit log.
 */
export const auditNotesFolder = 'audit-notes';

/** What is noted so. */
export const notedActions = [
  'gateway_invited',
  'gateway_revoked',
  'gateway_readmitted',
  'backup_made',
  'server_restored',
] as const satisfies readonly AuditAction[];

/** One file in it: an entry of the audit log that nobody has appended yet. */
export const auditNoteSchema = z.strictObject({
  version: z.literal(1),
  /** When it was done, by the clock of the command; the entry says when it was taken. */
  at: timeSchema,
  site: siteIdSchema.nullable(),
  action: z.enum(notedActions),
  subject: auditSubjectSchema.nullable(),
  outcome: z.enum(['done', 'refused']),
  details: auditDetailsSchema,
});
export type AuditNote = z.infer<typeof auditNoteSchema>;
