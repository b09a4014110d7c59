import { type ResponseSection, responseSectionSchema } from '@watchpost/contracts/site';

/** What a site sets. */
export type ResponsePolicy = ResponseSection;

/** What holds where a site sets nothing. */
export const defaultResponsePolicy: ResponsePolicy = responseSectionSchema.parse({});

/** Numbers of joint response. Milliseconds, unless their name says otherwise. */
export const responsePolicy = {
  departmentsAtMost: 50,
  unitsAtMost: 100,
  /** Tasks of a unit that are not over. */
  openTasksAtMost: 20,
  /** Longest pause before a department that has not answered is told again. */
  pageAgainAtMostMs: 15 * 60_000,
  /** Between two positions of one person. */
  positionEveryMs: 5_000,
  /** Whoever looks at the map of units is written into the audit log this often, while they look. */
  lookNotedEveryMs: 60 * 60_000,
  /** Alerts that the view of a department shows. */
  viewAtMost: 200,
  /** Lines of a timeline. */
  timelineAtMost: 5_000,
  /** Requests a minute of one address. */
  perMinute: { reading: 300, changing: 120, positions: 120, exports: 6 },
} as const;
