import { z } from 'zod';
import {
  alertSchema,
  alertStateSchema,
  alertTransitionSchema,
  dispositionSchema,
  severitySchema,
} from '../alert.ts';
import { uuidSchema } from '../ids.ts';

/** `GET /api/v1/alerts`: newest `updatedAt` first. */
export const alertQuerySchema = z.strictObject({
  /** Only these states, comma-separated; all but `closed` when absent. */
  state: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(alertStateSchema).min(1))
    .optional(),
  severity: severitySchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** From `next` of the page before. */
  cursor: z.string().max(200).optional(),
});

export const alertPageSchema = z.strictObject({ alerts: z.array(alertSchema), next: z.string().nullable() });
export type AlertPage = z.infer<typeof alertPageSchema>;

export const alertDetailSchema = z.strictObject({
  alert: alertSchema,
  transitions: z.array(alertTransitionSchema),
});
export type AlertDetail = z.infer<typeof alertDetailSchema>;

/**
 * `POST /api/v1/alerts/{id}/transitions`. `id` is made by the client: a repeat with the same id changes nothing and
 * answers as the first time did. A resolution of a high or critical alert needs a disposition.
 */
export const transitionRequestSchema = z.strictObject({
  id: uuidSchema,
  to: z.enum(['acknowledged', 'in_progress', 'resolved', 'closed']),
  reason: z.string().max(500).optional(),
  disposition: dispositionSchema.optional(),
});
export type TransitionRequest = z.infer<typeof transitionRequestSchema>;
