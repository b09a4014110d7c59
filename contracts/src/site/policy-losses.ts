import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** After which silence something is lost and somebody is told: `policy.losses` of a site file. */
export const lossesSectionSchema = z.strictObject({
  /** A gateway, after it is said to be offline or without any message. It says how it is every 30 s. */
  gateway: durationSchema('35s', '24h').prefault('60s'),
  /** A camera, after its gateway says that it is lost. */
  camera: durationSchema('1s', '24h').prefault('30s'),
  /** Any other device, after its gateway says that it is lost. */
  device: durationSchema('1s', '24h').prefault('5s'),
});
export type LossesSection = z.output<typeof lossesSectionSchema>;
