import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { durationSchema } from './duration.ts';

/** When somebody who said that they deal with an alert is asked again: `policy.escalation` of a site file. */
export const escalationSectionSchema = z.strictObject({
  /** After the last step that a person took, whoever acknowledged is reminded … */
  remindAfter: durationSchema('1m', '7d').prefault('30m'),
  /** … and so long after that the acknowledgement is taken back and paging goes on. */
  returnsAfter: durationSchema('1m', '7d').prefault('15m'),
  /** From this severity on; what is lower is left to whoever acknowledged. */
  remindFrom: severitySchema.default('medium'),
});
export type EscalationSection = z.output<typeof escalationSectionSchema>;
