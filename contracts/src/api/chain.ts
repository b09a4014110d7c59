import { z } from 'zod';
import { timeSchema } from '../wire/ids.ts';

/** The parts of the way from a gateway to people, in their order. */
export const chainLinks = ['gateway', 'broker', 'store', 'stream', 'senders'] as const;
export type ChainLink = (typeof chainLinks)[number];

/** Whether what a gateway says comes through the whole chain: by its canaries. */
export const chainProofSchema = z.strictObject({
  /**
   * `proven`: one came out in time; `missing`: none came over `link`; `waiting`: none is expected, because
   * the gateway is lost or was heard only now; `none`: its version sends none.
   */
  state: z.enum(['proven', 'missing', 'waiting', 'none']),
  /** When the newest came out at the end. */
  at: timeSchema.optional(),
  link: z.enum(chainLinks).optional(),
});
export type ChainProof = z.infer<typeof chainProofSchema>;
