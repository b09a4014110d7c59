import { z } from 'zod';

const days = (otherwise: number, most: number) => z.number().int().min(1).max(most).default(otherwise);

/** What of a site is kept how long, days: `policy.keptDays` of a site file. */
export const retentionSectionSchema = z.strictObject({
  events: days(400, 3_660),
  /** Accepted passes and matches of the access list: people who may pass. */
  passings: days(30, 400),
  telemetry: days(30, 3_660),
  /** Alerts after they closed, with their history. */
  closedAlerts: days(400, 3_660),
  /** Lives of outboxes, after they were last heard of. */
  epochs: days(400, 3_660),
  rejects: days(90, 3_660),
  /** Who was told of what, after it was said or nobody had to know any more. */
  notices: days(90, 3_660),
  /** When devices were up or down; what held at the beginning stays. */
  deviceStatus: days(400, 3_660),
  /** Counts of events by hour, and of face candidates by day. */
  eventHours: days(1_100, 3_660),
  /** Shifts, overrides, swaps and hand-overs, after they ended: who was on duty when. */
  duty: days(400, 3_660),
  /** What was offered to departments, and their tasks, after they ended. */
  response: days(400, 3_660),
});
export type RetentionSection = z.output<typeof retentionSectionSchema>;
