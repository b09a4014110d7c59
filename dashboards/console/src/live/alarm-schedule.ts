import type { Severity } from '@watchpost/contracts/alert';
import { consolePolicy } from '../policy.ts';

/** What can be sounded, the most urgent first. */
export const alarms = ['critical', 'trouble', 'high', 'medium'] as const;
export type Alarm = (typeof alarms)[number];

/** What there is to sound about. */
export interface AlarmState {
  /** Alerts that nobody took, by severity. */
  readonly waiting: Readonly<Record<Severity, number>>;
  /** The console is not live, or its session ended. */
  readonly trouble: boolean;
}

/** How often an alarm comes again while its cause lasts, in milliseconds. */
const everyMs: Readonly<Record<Alarm, number>> = {
  critical: consolePolicy.alarmEveryMs.critical,
  high: consolePolicy.alarmEveryMs.high,
  medium: Number.POSITIVE_INFINITY,
  trouble: consolePolicy.troubleEveryMs,
};

/**
 * Says what sounds when. It looks at what is untaken now, and not at what arrives: so an alert that came
 * while the line was cut, the tablet slept, the page was loaded anew or nobody was logged in sounds like any
 * other. It sounds at once when there is more of it than before, and again until somebody takes it.
 */
export class AlarmSchedule {
  readonly #heard: Record<Alarm, number> = { critical: 0, trouble: 0, high: 0, medium: 0 };
  readonly #dueMs: Record<Alarm, number | undefined> = {
    critical: undefined,
    trouble: undefined,
    high: undefined,
    medium: undefined,
  };
  #lastMs = Number.NEGATIVE_INFINITY;

  /**
   * The alarm to sound now, or undefined. Whoever asks must sound it: while there is no sound nobody should
   * ask, and it is due as soon as there is.
   * @param nowMs monotonic
   */
  due({ waiting, trouble }: AlarmState, nowMs: number): Alarm | undefined {
    const counts = { critical: waiting.critical, high: waiting.high, medium: waiting.medium };
    const present: Readonly<Record<Alarm, number>> = { ...counts, trouble: trouble ? 1 : 0 };
    for (const alarm of alarms) {
      if (present[alarm] === 0) this.#dueMs[alarm] = undefined;
      else if (present[alarm] > this.#heard[alarm]) this.#dueMs[alarm] = nowMs;
      this.#heard[alarm] = present[alarm];
    }
    if (nowMs - this.#lastMs < consolePolicy.soundGapMs) return undefined;
    const alarm = alarms.find((name) => (this.#dueMs[name] ?? Number.POSITIVE_INFINITY) <= nowMs);
    if (alarm === undefined) return undefined;
    this.#dueMs[alarm] = nowMs + everyMs[alarm];
    this.#lastMs = nowMs;
    return alarm;
  }
}
