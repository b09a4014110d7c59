import { z } from 'zod';
import {
  alertEventTypes,
  alertSchema,
  alertStateSchema,
  alertTransitionSchema,
  dispositionSchema,
  severitySchema,
} from '../alert/alert.ts';
import { instructionSchema } from '../site/instructions.ts';
import { deviceIdSchema, siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { seenVersionsSchema } from './seen.ts';

/** How a list of alerts is ordered, see {@link alertQuerySchema}. */
export const alertOrders = ['urgency', 'newest'] as const;
export type AlertOrder = (typeof alertOrders)[number];

/**
 * `GET /api/v1/alerts`. `urgency`, the order of the queue: worst severity first, then highest risk score,
 * then what opened first, then by id. `newest`: what changed last first; only of alerts that are done
 * (`resolved`, `closed`).
 */
export const alertQuerySchema = z.strictObject({
  /** Only of this site; of all that the person may see when absent. */
  site: siteIdSchema.optional(),
  /** Only these states, comma-separated; all but `closed` when absent. */
  state: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(alertStateSchema).min(1))
    .optional(),
  severity: severitySchema.optional(),
  zone: zoneIdSchema.optional(),
  device: deviceIdSchema.optional(),
  /** Only those of which nobody is told (`yes`), or only the others. */
  suppressed: z.enum(['yes', 'no']).optional(),
  /** Only what is new to the person who asks (`yes`); for programs there is no such thing. */
  unseen: z.literal('yes').optional(),
  /** Only alerts of this kind of event. */
  type: z.enum(alertEventTypes).optional(),
  disposition: dispositionSchema.optional(),
  /** Only what opened, or with `order=newest` what was done, at this instant or later … */
  from: timeSchema.optional(),
  /** … and before this. */
  until: timeSchema.optional(),
  /** Only where a note, or what is known of the event, says so; upper and lower case are alike. */
  search: z.string().trim().min(2).max(100).optional(),
  order: z.enum(alertOrders).default('urgency'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** From `next` of the page before, asked for with the same filters and order. */
  cursor: z.string().max(256).optional(),
});

const countSchema = z.number().int().min(0);
const bySeveritySchema = z.strictObject({
  low: countSchema,
  medium: countSchema,
  high: countSchema,
  critical: countSchema,
});

const siteCountsSchema = z.strictObject({
  /** Not closed, by severity. */
  bySeverity: bySeveritySchema,
  /** Not closed, by state. */
  byState: z.strictObject({
    open: countSchema,
    acknowledged: countSchema,
    in_progress: countSchema,
    resolved: countSchema,
  }),
  /** Open, that is taken by nobody, by severity; without those of which nobody is told. */
  waiting: bySeveritySchema,
  /** Unresolved ones of which nobody is told, by why; absent where there are none. */
  quiet: z
    .strictObject({
      silence: countSchema,
      inhibition: countSchema,
      flapping: countSchema,
      snooze: countSchema,
    })
    .optional(),
});

/** How many alerts of the sites that were asked for are not closed, whatever part of them a list shows. */
export const alertCountsSchema = siteCountsSchema.extend({
  /** The same of each site, where they are of several. */
  sites: z.record(z.string(), siteCountsSchema).optional(),
  /**
   * Devices with unresolved alerts: the most urgent alert of each, and the worst severity that nobody has
   * taken.
   */
  devices: z.array(
    z.strictObject({
      site: siteIdSchema,
      device: deviceIdSchema,
      alert: uuidSchema,
      waiting: severitySchema.nullable(),
      /** Alerts that nobody has taken. */
      open: countSchema,
    }),
  ),
});
export type AlertCounts = z.infer<typeof alertCountsSchema>;

export const alertPageSchema = z.strictObject({
  alerts: z.array(alertSchema),
  /** Cursor of the next page; null on the last one. */
  next: z.string().nullable(),
  /**
   * How many alerts the filters match on all pages together; null when `closed` ones are among them, which
   * nobody counts.
   */
  total: countSchema.nullable(),
  counts: alertCountsSchema,
  /** Which of them the person who asks has seen; absent where a program asks. */
  seen: seenVersionsSchema.optional(),
  /** The server's clock, RFC 3339. */
  time: timeSchema,
});
export type AlertPage = z.infer<typeof alertPageSchema>;

export const alertDetailSchema = z.strictObject({
  alert: alertSchema,
  transitions: z.array(alertTransitionSchema),
  /** The incident that it belongs to, and how many alerts that has; absent in answers to steps. */
  incident: z.strictObject({ id: uuidSchema, alerts: z.number().int().min(0) }).optional(),
  /** What the site file says is to be done, and whom to call; absent where it says nothing. */
  instruction: instructionSchema.optional(),
});
export type AlertDetail = z.infer<typeof alertDetailSchema>;

/**
 * `POST /api/v1/alerts/{id}/transitions`. `id` is made by the client: a repeat with the same id changes
 * nothing and answers as the first time did. `version` is that of the alert as the person saw it; when its
 * severity, its state or its disposition changed since, the answer is 409 `alert.stale` and says what it is
 * now.
 *
 * `to` leads on (`open` takes a resolved or closed alert up again). Without `to` the state stays:
 * `disposition` corrects what a resolved or closed alert was said to be, `reason` alone is a note and never
 * stale. A resolution of a high or critical alert needs a disposition.
 */
export const transitionRequestSchema = z
  .strictObject({
    id: uuidSchema,
    version: z.number().int().min(1),
    to: z.enum(['open', 'acknowledged', 'in_progress', 'resolved', 'closed']).optional(),
    reason: z.string().max(500).optional(),
    disposition: dispositionSchema.optional(),
  })
  .refine(({ to, reason, disposition }) => (to ?? disposition ?? reason?.trim()) !== undefined, {
    path: ['to'],
    error: 'expected a state, a disposition or a note',
  })
  .refine(
    ({ to, disposition, reason }) => to !== undefined || disposition !== undefined || reason?.trim() !== '',
    {
      path: ['reason'],
      error: 'expected a note that says something',
    },
  );
export type TransitionRequest = z.infer<typeof transitionRequestSchema>;
