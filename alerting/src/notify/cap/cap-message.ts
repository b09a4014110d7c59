import { circleProblem, polygonProblem } from '@watchpost/contracts/api';
import { z } from 'zod';
import { capPolicy } from '../policy.ts';

/** Namespace of CAP 1.2. */
export const capNamespace = 'urn:oasis:names:tc:emergency:cap:1.2';

/** A part of XML that may come more than once is one value when it comes once. */
const many = <Schema extends z.ZodType>(schema: Schema, least = 0) =>
  z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(schema).min(least).max(capPolicy.repeatedAtMost),
  );

/** CAP 1.2 §3.2.1: no blanks, commas, `<` and `&` in what references are made of. */
const nameSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\s,<&]+$/, 'expected no blanks, commas, < and &');
/** CAP 1.2 §3.3.2: with an offset, never `Z`; `-00:00` for UTC. */
const timeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$/, 'expected 2026-11-01T08:15:30-00:00, never Z')
  .refine((text) => Number.isFinite(Date.parse(text)), { error: 'expected a time that exists' });
const textSchema = z.string().max(capPolicy.textCharacters);
/** One or more of `sender,identifier,sent`. */
const referencesSchema = z
  .string()
  .max(capPolicy.textCharacters)
  .refine(
    (text) =>
      text
        .trim()
        .split(/\s+/)
        .every((reference) => {
          const [sender, identifier, sent, ...more] = reference.split(',');
          return (
            more.length === 0 &&
            nameSchema.safeParse(sender).success &&
            nameSchema.safeParse(identifier).success &&
            timeSchema.safeParse(sent).success
          );
        }),
    { error: 'expected sender,identifier,sent' },
  );
const judged = (problem: (text: string) => string | undefined) =>
  z
    .string()
    .max(capPolicy.textCharacters)
    .superRefine((text, context) => {
      const message = problem(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });

const areaSchema = z.object({
  areaDesc: textSchema,
  polygon: many(judged(polygonProblem)),
  circle: many(judged(circleProblem)),
});

export const capCategories = [
  ...(['Geo', 'Met', 'Safety', 'Security', 'Rescue', 'Fire'] as const),
  ...(['Health', 'Env', 'Transport', 'Infra', 'CBRNE', 'Other'] as const),
] as const;

const infoSchema = z.object({
  language: z
    .string()
    .regex(/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/)
    .default('en-US'),
  category: many(z.enum(capCategories), 1),
  event: textSchema.min(1),
  responseType: many(
    z.enum([
      ...(['Shelter', 'Evacuate', 'Prepare', 'Execute', 'Avoid'] as const),
      ...(['Monitor', 'Assess', 'AllClear', 'None'] as const),
    ]),
  ),
  urgency: z.enum(['Immediate', 'Expected', 'Future', 'Past', 'Unknown']),
  severity: z.enum(['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']),
  certainty: z.enum(['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown']),
  effective: timeSchema.optional(),
  onset: timeSchema.optional(),
  expires: timeSchema.optional(),
  senderName: textSchema.optional(),
  headline: textSchema.optional(),
  description: textSchema.optional(),
  instruction: textSchema.optional(),
  web: z.string().max(2_000).optional(),
  contact: textSchema.optional(),
  area: many(areaSchema),
});

/**
 * A message of the Common Alerting Protocol 1.2 (OASIS, docs.oasis-open.org/emergency/cap/v1.2/): what we
 * write and read of it, in the order of its elements. Stricter than its XSD where its text is.
 */
export const capMessageSchema = z.object({
  identifier: nameSchema,
  sender: nameSchema,
  sent: timeSchema,
  status: z.enum(['Actual', 'Exercise', 'System', 'Test', 'Draft']),
  msgType: z.enum(['Alert', 'Update', 'Cancel', 'Ack', 'Error']),
  source: textSchema.optional(),
  scope: z.enum(['Public', 'Restricted', 'Private']),
  restriction: textSchema.optional(),
  addresses: textSchema.optional(),
  note: textSchema.optional(),
  references: referencesSchema.optional(),
  incidents: textSchema.optional(),
  info: many(infoSchema),
});
export type CapMessage = z.output<typeof capMessageSchema>;
