import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { incidentConcernSchema, incidentConcerns } from '../alert/incident.ts';
import { siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { channelKinds } from './channel-address.ts';

/** Whom a step tells. A person is told by the verified receivers of their account. */
export const escalationTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('receiver'), receiver: uuidSchema }),
  z.strictObject({ kind: z.literal('person'), account: uuidSchema }),
  /** Whoever is on duty by it when the step is taken. */
  z.strictObject({ kind: z.literal('rota'), rota: uuidSchema }),
]);
export type EscalationTarget = z.infer<typeof escalationTargetSchema>;

/** One step of a policy, and when it is taken. */
export const escalationStepSchema = z.strictObject({
  /** After the step before it; of the first, after the incident opened. */
  waitSeconds: z.number().int().min(0).max(86_400),
  targets: z.array(escalationTargetSchema).min(1).max(20),
  /** People are told by these channels alone; null: by all that they have. */
  channels: z.array(z.enum(channelKinds)).min(1).max(channelKinds.length).nullable().default(null),
  /** It is taken for these severities only; null: for all of the policy. */
  onlyFor: z.array(severitySchema).min(1).max(4).nullable().default(null),
  /** Taken again after so long, so many times more; `times` null: until somebody takes the incident. */
  repeat: z
    .strictObject({
      everySeconds: z.number().int().min(60).max(86_400),
      times: z.number().int().min(1).max(1_000).nullable(),
    })
    .nullable()
    .default(null),
});
export type EscalationStep = z.output<typeof escalationStepSchema>;

const plan = {
  name: z.string().trim().min(1).max(80),
  /** Of those that fit, the one with the smallest number holds. */
  place: z.number().int().min(1).max(1_000),
  severities: z.array(severitySchema).min(1).max(4),
  /** Null: the whole site. */
  zones: z.array(zoneIdSchema).min(1).max(200).nullable(),
  /** What incidents are about; null: anything. */
  concerns: z.array(incidentConcernSchema).min(1).max(incidentConcerns.length).nullable(),
  steps: z.array(escalationStepSchema).min(1).max(20),
};

/** `POST /api/v1/escalation/policies?site=…`: makes a policy of one site, or changes it. */
export const escalationPolicyRequestSchema = z.strictObject({
  /** Made by the client; the same again changes that policy. */
  id: uuidSchema,
  /** The version that was changed; null: it is new. */
  version: z.number().int().min(1).nullable(),
  ...plan,
});
export type EscalationPolicyRequest = z.output<typeof escalationPolicyRequestSchema>;

/** Somebody whom a step would tell now. */
export const escalationReachSchema = z.strictObject({
  receiver: uuidSchema,
  name: z.string(),
  channel: z.enum(channelKinds),
  /** Whose own it is. */
  person: z.string().nullable(),
});
export type EscalationReach = z.infer<typeof escalationReachSchema>;

/** A policy, and whom each of its steps would tell now. */
export const escalationPolicySchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  version: z.number().int().min(1),
  ...plan,
  steps: z.array(escalationStepSchema),
  /** For each step; an empty list: nobody. */
  reached: z.array(z.array(escalationReachSchema)),
  changedAt: timeSchema,
});
export type EscalationPolicy = z.infer<typeof escalationPolicySchema>;
export const escalationPolicyListSchema = z.strictObject({ policies: z.array(escalationPolicySchema) });
export type EscalationPolicyList = z.infer<typeof escalationPolicyListSchema>;

/** `GET /api/v1/escalation/runs`: of one site, those that go on, or that of one incident. */
export const escalationRunQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  subject: uuidSchema.optional(),
});
export type EscalationRunQuery = z.output<typeof escalationRunQuerySchema>;

/** How far the telling of one incident has come. */
export const escalationRunSchema = z.strictObject({
  subject: z.string(),
  /** As it was when the incident opened; null: no policy fitted. */
  policy: z.strictObject({ id: uuidSchema, name: z.string(), version: z.number().int() }).nullable(),
  steps: z.array(escalationStepSchema),
  state: z.enum(['running', 'acknowledged', 'ended', 'over']),
  severity: severitySchema,
  /** Index of the step that comes next. */
  step: z.number().int().min(0),
  nextAt: timeSchema.nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: timeSchema.nullable(),
  /** When a step reached nobody. */
  emptyAt: timeSchema.nullable(),
});
export type EscalationRun = z.infer<typeof escalationRunSchema>;
export const escalationRunListSchema = z.strictObject({ runs: z.array(escalationRunSchema) });
export type EscalationRunList = z.infer<typeof escalationRunListSchema>;
