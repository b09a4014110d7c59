const minuteMs = 60_000;

/** Numbers of escalation. Milliseconds unless the name says otherwise. */
export const escalationPolicy = {
  /** Policies of a site. */
  atMost: 100,
  /** Who is on duty is asked anew when the last answer is older. */
  dutyKnownMs: 2_000,
  /** A rota that cannot be asked for so long has nobody on duty: the next step is taken. */
  dutyAnswersWithinMs: 10_000,
  /** Requests of one person. */
  perMinute: { reading: 120, changing: 60 },
  /** Runs that are shown at once. */
  runsShown: 200,
} as const;

/** The auditor. */
export const auditPolicy = {
  /** Between two looks. */
  everyMs: minuteMs as number,
  /** What is due and not done for so long is overdue. */
  overdueMs: minuteMs as number,
  /** A notice that waits for its receiver for so long has not reached anybody. */
  noticeOverdueMs: (10 * minuteMs) as number,
  /** A look that takes longer tells that the database, or the queue to it, stands. */
  answersWithinMs: 15_000 as number,
};

/** Telling without the database. */
export const fallbackPolicy = {
  /** Between two looks whether the database answers. */
  everyMs: 10_000 as number,
  /** One look. */
  answersWithinMs: 8_000 as number,
  /** It is told after the database is gone for so long. */
  tellAfterMs: minuteMs as number,
  /** Between two tries to tell. */
  retryMs: 30_000 as number,
};
