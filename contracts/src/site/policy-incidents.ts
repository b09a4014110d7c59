import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** Which alerts are one happening, and how often people are told of it: `policy.incidents` of a site file. */
export const incidentsSectionSchema = z.strictObject({
  /** An alert belongs to the happening of the same concern in its zone whose newest alert is not older. */
  window: durationSchema('0s', '24h').prefault('10m'),
  /** … or whose devices are so near, in metres on one plan, whatever the zone; 0: the zone alone decides. */
  nearM: z.number().min(0).max(1_000).default(20),
  /** Alerts of one incident at most; the next one begins another. */
  alertsAtMost: z.number().int().min(1).max(10_000).default(1_000),
  /** The second notice goes so long after the first at the earliest, each further one after twice that. */
  updateAfter: durationSchema('1s', '1h').prefault('30s'),
  /** Changes of the cause of one alert within `flappingWithin` that are told one by one. */
  flappingAbove: z.number().int().min(2).max(100).default(4),
  flappingWithin: durationSchema('1m', '24h').prefault('10m'),
});
export type IncidentsSection = z.output<typeof incidentsSectionSchema>;
