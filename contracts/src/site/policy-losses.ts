import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** After which time something that is lost or broken is told: `policy.losses` of a site file. */
export const lossesSectionSchema = z.strictObject({
  /** A gateway, after it is said to be offline or without any message. It says how it is every 30 s. */
  gateway: durationSchema('35s', '24h').prefault('60s'),
  /** A camera, after its gateway says that it is lost. */
  camera: durationSchema('1s', '24h').prefault('30s'),
  /** Any other device, after its gateway says that it is lost. */
  device: durationSchema('1s', '24h').prefault('5s'),
  /** A settings file, after it is broken: nobody is told of one that an editor has saved by halves. */
  settings: durationSchema('1s', '24h').prefault('60s'),
});
export type LossesSection = z.output<typeof lossesSectionSchema>;
