import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** How long people stay logged in: `policy.sessions` of a server file. */
export const sessionsSectionSchema = z.strictObject({
  /** A session ends this long after log-in, whatever is done in it. */
  endsAfter: durationSchema('5m', '7d').prefault('12h'),
  /** … or this long after its last request; an open console counts as use. */
  idle: durationSchema('1m', '24h').prefault('1h'),
});
export type SessionsSection = z.output<typeof sessionsSectionSchema>;
