import { z } from 'zod';

export const componentHealthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded', 'down']),
  /** Code of the error registry, when not `ok`. */
  error: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type ComponentHealth = z.infer<typeof componentHealthSchema>;

/** `GET /healthz`: 200 when nothing is down, 503 otherwise. */
export const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded', 'down']),
  components: z.record(z.string(), componentHealthSchema),
});
export type Health = z.infer<typeof healthSchema>;

/** Body of every error answer. */
export const problemSchema = z.strictObject({
  /** `urn:watchpost:error:` and the code; with `title`, `status` and `detail` what RFC 9457 knows. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  message: z.string(),
  action: z.string(),
  path: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  requestId: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;
