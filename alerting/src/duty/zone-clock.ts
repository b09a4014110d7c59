import { Temporal } from 'temporal-polyfill';

const dayMs = 86_400_000;

/** The clock is changed: by these offsets from UTC, milliseconds. */
interface ClockChange {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

interface ZoneYear {
  /** In force a few days before the year begins. */
  readonly firstMs: number;
  readonly changes: readonly ClockChange[];
}

/** The wall clock of one time zone. Wall time is counted as if it were UTC, in milliseconds. */
export class ZoneClock {
  readonly #timeZone: string;
  readonly #years = new Map<number, ZoneYear>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** What the wall clock shows at an instant. */
  wallOf(instantMs: number): number {
    const { firstMs, changes } = this.#yearOf(instantMs);
    let offsetMs = firstMs;
    for (const { atMs, afterMs } of changes) if (instantMs >= atMs) offsetMs = afterMs;
    return instantMs + offsetMs;
  }

  /**
   * The instant at which one shift hands over to the next by the wall clock: where the clock skips that time
   * the first instant after it, where it shows it twice the last. Never falls as wall time rises, so that
   * shifts that meet on the wall meet without a hole and without an overlap.
   */
  instantOf(wallMs: number): number {
    const { firstMs, changes } = this.#yearOf(wallMs);
    let offsetMs = firstMs;
    for (const { atMs, beforeMs, afterMs } of changes) {
      if (wallMs < atMs + Math.min(beforeMs, afterMs)) break;
      if (wallMs < atMs + afterMs) return atMs;
      offsetMs = afterMs;
    }
    return wallMs - offsetMs;
  }

  #yearOf(ms: number): ZoneYear {
    const year = new Date(ms).getUTCFullYear();
    const known = this.#years.get(year);
    if (known) return known;
    const found = this.#read(Date.UTC(year, 0) - 3 * dayMs, Date.UTC(year + 1, 0) + 3 * dayMs);
    this.#years.set(year, found);
    return found;
  }

  #read(fromMs: number, untilMs: number): ZoneYear {
    const start = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(this.#timeZone);
    const changes: ClockChange[] = [];
    let beforeMs = start.offsetNanoseconds / 1e6;
    const firstMs = beforeMs;
    let next = start.getTimeZoneTransition('next');
    for (; next && next.epochMilliseconds < untilMs; next = next.getTimeZoneTransition('next')) {
      const afterMs = next.offsetNanoseconds / 1e6;
      changes.push({ atMs: next.epochMilliseconds, beforeMs, afterMs });
      beforeMs = afterMs;
    }
    return { firstMs, changes };
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a time zone; what it read of the zone is kept. */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new ZoneClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}
