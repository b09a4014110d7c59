import { z } from 'zod';

/** A video file in place of a camera, played in real time. */
export const fileConnectSchema = z.strictObject({
  driver: z.literal('file'),
  /** Its path, or `file:///…`. */
  url: z.string().min(1).max(4096),
  /** Play it again and again. */
  loop: z.boolean().default(false),
});
