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
 * answers as the first time did. `version` is that of the alert as the person saw it; when its severity, its state or its
 * disposition changed since, the answer is 409 `alert.stale` and says what it is now.
 *
 * `to` leads on (`open` takes a resolved or closed alert up again). Without `to` the state stays: `disposition` corrects
 * what a resolved or closed alert was said to be, `reason` alone is a note and never stale. A resolution of a high or
 * critical alert needs a disposition.
 */
export const transitionRequestSchema = z
  .strictObject({
    id: uuidSchema,
    version: z.number().int().min(1),
    to: z.enum(['open', 'acknowledged', 'in_progress', 'resolved', 'closed']).optional(),
    reason: z.string().max(500).optional(),
    disposition: dispositionSchema.optional(),
  })
  .refine(({ to, reason, disposition }) => (to ?? disposition ?? reason?.trim()) !== undefined, {
    path: ['to'],
    error: 'expected a state, a disposition or a note',
  })
  .refine(
    ({ to, disposition, reason }) => to !== undefined || disposition !== undefined || reason?.trim() !== '',
    {
      path: ['reason'],
      error: 'expected a note that says something',
    },
  );
export type TransitionRequest = z.infer<typeof transitionRequestSchema>;
