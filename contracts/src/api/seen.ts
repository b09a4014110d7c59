import { z } from 'zod';
import { uuidSchema } from '../wire/ids.ts';

/** How many alerts one request names. */
export const alertsAtOnce = 500;

/** An alert as somebody saw it. */
export const seenAlertSchema = z.strictObject({ id: uuidSchema, version: z.number().int().min(1) });
export type SeenAlert = z.infer<typeof seenAlertSchema>;

/**
 * `POST /api/v1/alerts/seen`: the person has seen these, or without `alerts` all that is unresolved. `id` is
 * made by the client: a repeat changes nothing, and `POST /api/v1/alerts/seen/undo` takes it back. It says
 * nothing to anybody else, changes no alert and stops no paging.
 */
export const seenRequestSchema = z.strictObject({
  id: uuidSchema,
  alerts: z.array(seenAlertSchema).min(1).max(alertsAtOnce).optional(),
});
export type SeenRequest = z.infer<typeof seenRequestSchema>;

/** `POST /api/v1/alerts/seen/undo`: what the request with this `id` marked is new to the person again. */
export const seenUndoRequestSchema = z.strictObject({ id: uuidSchema });

/** How many alerts the request changed, and how many unresolved ones are new to the person now. */
export const seenAnswerSchema = z.strictObject({
  changed: z.number().int().min(0),
  unseen: z.number().int().min(0),
});
export type SeenAnswer = z.infer<typeof seenAnswerSchema>;

/** `GET /api/v1/alerts/seen`: how many unresolved alerts are new to the person. */
export const unseenSchema = seenAnswerSchema.pick({ unseen: true });
export type Unseen = z.infer<typeof unseenSchema>;

/** Up to which version the person has seen which alert, by its id. */
export const seenVersionsSchema = z.record(uuidSchema, z.number().int().min(1));
export type SeenVersions = z.infer<typeof seenVersionsSchema>;
