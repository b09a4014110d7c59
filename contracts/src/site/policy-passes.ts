import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How gates judge passes: `policy.passes` of a site file. */
export const passesSectionSchema = z.strictObject({
  /** A pass is good this much before and after the times that it names, for clocks that differ. */
  clockTolerance: durationSchema('0s', '10m').prefault('0s'),
  /** An accepted pass is the second factor of a face that is seen in the same zone within this after it. */
  countsForFace: durationSchema('1s', '5m').prefault('30s'),
  /**
   * A gateway that hears nothing takes passes by the last list of withdrawn ones for so long after the server
   * wrote it; after that a guard decides. Nothing is added to it: a pass that is withdrawn lets nobody in any
   * more within this, everywhere, whatever `permit.life` says for faces.
   */
  revokedListGood: durationSchema('2m', '7d').prefault('24h'),
});
export type PassesSection = z.output<typeof passesSectionSchema>;
