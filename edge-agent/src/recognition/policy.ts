import { type MotionSection, motionSectionSchema } from '@watchpost/contracts/site';

/** When a code counts as in view. */
export const visibleCodesPolicy = {
  /** A code counts as in view so long after it was last seen, milliseconds. */
  inViewMs: 1_000,
} as const;

/** What counts as movement: the site says it, and the server tells it to its gateways. */
export const motionPolicySchema = motionSectionSchema;
export type MotionPolicy = MotionSection;

/** When a line counts as crossed. */
export const linePolicy = {
  /** Who is nearer to a line than this is on neither side; in parts of the picture’s height. */
  margin: 0.02,
  /** Crossings a minute that one camera reports: what flickers must not fill the outbox. */
  crossingsPerMinute: 120,
} as const;

/** How often frames are looked at; milliseconds. */
export const workPolicy = {
  /** Looking goes on so long after the last movement. */
  holdMs: 2_000,
  /** While a face is followed but nothing moves, this is often enough to keep its track. */
  stillEveryMs: 400,
  /** Codes stand still when they are shown; so often is enough. */
  codesEveryMs: 200,
  /** Looking thoroughly so often. */
  thoroughEveryMs: 1_000,
} as const;
