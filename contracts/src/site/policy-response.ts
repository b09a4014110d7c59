import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How departments answer together: `policy.response` of a site file. */
export const responseSectionSchema = z.strictObject({
  /** The last known position of an officer is deleted so long after it came, whatever else happens. */
  positionsKept: durationSchema('5m', '24h').prefault('2h'),
  /**
   * A department that has not answered is told again after this, then after twice as long, up to 15 minutes.
   */
  pageAgainAfter: durationSchema('1m', '15m').prefault('3m'),
  /** A position that is older than this is no proposal of a nearest unit. */
  positionUsedFor: durationSchema('30s', '24h').prefault('15m'),
});
export type ResponseSection = z.output<typeof responseSectionSchema>;
