import type { DutyLayer } from '@watchpost/contracts/api';

/** Somebody’s time on duty. Milliseconds of the Unix epoch; the end is not in it. */
export interface Stint {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Account. */
  readonly person: string;
}

/** An override, or one part of a swap that was accepted. */
export interface NamedStint extends Stint {
  readonly id: string;
}

/** Takes the place of everything else for its time: where it has no shift, nobody is on duty. */
export interface TemporarySchedule {
  readonly id: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly shifts: readonly Stint[];
}

/** What the weekday does not say. Days are `YYYY-MM-DD`. */
export interface DutyCalendar {
  readonly holidays: ReadonlySet<string>;
  /** Saturdays and Sundays that are worked, for a holiday (调休). */
  readonly workingDays: ReadonlySet<string>;
  /** Years of which holidays are known; in all others the weekday alone decides. */
  readonly knownYears: ReadonlySet<number>;
}

/** Everything that says who is on duty. Where two of one kind overlap, the later in the list counts. */
export interface Rota {
  /** IANA time zone of all wall time in it. */
  readonly timeZone: string;
  /** The first that has somebody counts. */
  readonly layers: readonly DutyLayer[];
  readonly calendar: DutyCalendar;
  readonly overrides: readonly NamedStint[];
  readonly swaps: readonly NamedStint[];
  readonly temporary: readonly TemporarySchedule[];
}

/** What decided who is on duty: of a rotation the index of the layer, otherwise the id. */
export type DutyCause =
  | { readonly kind: 'rotation'; readonly layer: number }
  | { readonly kind: 'temporary' | 'swap' | 'override'; readonly id: string };

/** Who is on duty, and why. */
export interface OnDuty {
  readonly person: string;
  readonly cause: DutyCause;
}

/** A rota whose layers know no holidays. */
export const noCalendar: DutyCalendar = {
  holidays: new Set(),
  workingDays: new Set(),
  knownYears: new Set(),
};
