import { z } from 'zod';
import { alertSchema, dispositionSchema } from '../alert/alert.ts';
import { timeSchema, uuidSchema } from '../wire/ids.ts';
import { seenAlertSchema } from './seen.ts';

/** Alerts of one batch, at most. */
export const batchAtMost = 200;

const reason = z.string().trim().min(1).max(500);

/**
 * What is done with each alert. `resolve` acknowledges first what nobody took; `release` gives back what the
 * person acknowledged: it is open again, and people are told again.
 */
export const alertActionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('acknowledge') }),
  z.strictObject({ do: z.literal('release') }),
  z.strictObject({ do: z.literal('resolve'), disposition: dispositionSchema, reason }),
  z.strictObject({ do: z.literal('reopen'), reason: reason.optional() }),
  z.strictObject({ do: z.literal('snooze'), until: timeSchema, reason: reason.optional() }),
  z.strictObject({ do: z.literal('unsnooze') }),
]);
export type AlertAction = z.infer<typeof alertActionSchema>;

/**
 * `POST /api/v1/alerts/batch`: one action with many alerts, each with the version that the person saw and a
 * step of its own in its history. `id` is made by the client: a repeat changes nothing.
 */
export const alertBatchRequestSchema = z.strictObject({
  id: uuidSchema,
  action: alertActionSchema,
  alerts: z
    .array(seenAlertSchema)
    .min(1)
    .max(batchAtMost)
    .refine((alerts) => new Set(alerts.map(({ id }) => id)).size === alerts.length, 'expected each once'),
});
export type AlertBatchRequest = z.infer<typeof alertBatchRequestSchema>;

/** What came of each: those that were changed as they are now, and why the others were not. */
export const alertBatchAnswerSchema = z.strictObject({
  done: z.array(alertSchema),
  failed: z.array(
    z.strictObject({
      id: uuidSchema,
      /** Of the error registry. */
      code: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type AlertBatchAnswer = z.infer<typeof alertBatchAnswerSchema>;
