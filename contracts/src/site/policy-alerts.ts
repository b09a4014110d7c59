import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** When a site’s alerts open, join, end and close: `policy.alerts` of a site file. */
export const alertsSectionSchema = z.strictObject({
  /** How long a cause without an event that ends it counts as present after its last event. */
  clearsAfter: z
    .strictObject({
      faceCandidate: durationSchema('10s', '24h').prefault('10m'),
      sensorAnomaly: durationSchema('10s', '24h').prefault('30m'),
      zoneEntered: durationSchema('10s', '24h').prefault('5m'),
      zoneLoitering: durationSchema('10s', '24h').prefault('10m'),
    })
    .prefault({}),
  /** A button or a report that comes again after this pause takes an acknowledgement back. */
  momentaryPause: durationSchema('1s', '24h').prefault('2m'),
  /** Events that no alert takes in are one incident of the map while no longer pause is between them. */
  episodePause: durationSchema('1m', '24h').prefault('30m'),
  /** An event older than this when it arrives fills history and maps, and pages nobody … */
  lateAfter: durationSchema('1m', '24h').prefault('10m'),
  /** … but a danger to life pages up to this age, and says how late it is. */
  lifeSafetyLateAfter: durationSchema('10m', '24h').prefault('1h'),
  /** Unresolved alerts that one device may have; danger to life is never held back by it. */
  openPerDevice: z.number().int().min(1).max(1_000).default(20),
  /** An alert that was resolved while its cause lasts is opened again after this. */
  reopensAfter: durationSchema('1m', '24h').prefault('15m'),
});
export type AlertsSection = z.output<typeof alertsSectionSchema>;
