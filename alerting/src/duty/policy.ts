const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Numbers of duty. Milliseconds, unless their name says otherwise. */
export const dutyPolicy = {
  /** Shifts are planned so far ahead. */
  plannedMs: 60 * dayMs,
  /** The beginning of a shift that runs is looked for so far back. */
  lookBackMs: 35 * dayMs,
  /** Faults that begin within this are found … */
  foundMs: 14 * dayMs,
  /** … and are urgent within this. */
  soonMs: dayMs,
  /** How often shifts are planned on; also after each change. */
  planEveryMs: 10 * 60_000,
  /** An override or a temporary schedule ends no later than this from now. */
  longestAheadMs: 730 * dayMs,
  /** Who was on duty may hand over so long after the end of the shift. */
  handoverLateMs: 4 * hourMs,
  /** What a hand-over report lists: of open alerts, and of steps. */
  openReported: 100,
  decidedReported: 200,
  rotasAtMost: 50,
  /** Of a rota, that have not ended. */
  exceptionsAtMost: 500,
  /** Longest time that one answer shows shifts of, and how many. */
  shownMs: 93 * dayMs,
  shownAtMost: 5_000,
  /** Requests a minute of one address. */
  perMinute: { reading: 300, changing: 60 },
} as const;
