import { z } from 'zod';
import { durationSchema } from './duration.ts';

/** So many tries at once, and one more in each `refill`. A try that succeeds is given back. */
const rate = (burst: number, refill: '10s' | '60s') =>
  z
    .strictObject({
      burst: z.number().int().min(1).max(10_000).default(burst),
      refill: durationSchema('1s', '1h').prefault(refill),
    })
    .prefault({});

/** How often passwords may be tried: `policy.logIn` of a server file. */
export const logInSectionSchema = z.strictObject({
  /** One account from one address group, by browsers that did not succeed before. */
  perAccountAndGroup: rate(5, '60s'),
  /** One account from everywhere, by browsers that did not succeed before. */
  perAccount: rate(30, '60s'),
  /** One account, first tries of address groups that did not fail on it yet, once `perAccount` is used up. */
  perAccountFirstTries: rate(50, '60s'),
  /** One address group on all accounts. */
  perGroup: rate(100, '10s'),
  /** One browser that succeeded on this account before. */
  perDevice: rate(10, '60s'),
});
export type LogInSection = z.output<typeof logInSectionSchema>;
