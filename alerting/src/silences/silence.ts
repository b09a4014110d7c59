import { type Alert, type Suppression, severities } from '@watchpost/contracts/alert';
import type { Silence, SilenceHours, SilenceMatch } from '@watchpost/contracts/api';
import { kindOf } from '../alerts/alert-subject.ts';
import type { ZoneClock } from '../duty/zone-clock.ts';
import { isDangerToLife } from '../suppression/danger-to-life.ts';

/** A silence as it is kept. Times are RFC 3339. */
export interface StoredSilence extends Omit<Silence, 'state' | 'hides' | 'hid' | 'signed' | 'ended'> {
  readonly signed: Silence['made'] | null;
  readonly ended: (Silence['made'] & { readonly reason: string }) | null;
}

/** A time in which a silence holds, milliseconds since the Unix epoch. */
export interface SilenceWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

const dayMs = 86_400_000;

const rank = (severity: Alert['severity']): number => severities.indexOf(severity);

/** What of a silence counts now: danger to life only once somebody else has signed it. */
export const matchInForce = ({ match, signed }: Pick<StoredSilence, 'match' | 'signed'>): SilenceMatch => ({
  ...match,
  danger: match.danger && signed !== null,
});

/** Whether a silence that holds covers an alert of its site. */
export function covers(match: SilenceMatch, alert: Alert): boolean {
  const { zones, devices, kinds, highest, danger } = match;
  const kind = kindOf(alert.eventType, alert.details);
  return (
    (zones === null || zones.includes(alert.zone)) &&
    (devices === null || devices.includes(alert.device)) &&
    (kinds === null || kinds.includes(kind) || kinds.includes(alert.eventType)) &&
    rank(alert.severity) <= rank(highest) &&
    (danger || !isDangerToLife(alert))
  );
}

/** Wall times of `HH:MM`, milliseconds of the day. */
const ofDay = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000;

/**
 * When a silence with hours holds, those that begin on the days of the wall from `firstDay` on. What the
 * clock skips or shows twice counts as at hand-overs: the first instant after it, the last of both.
 */
function* windowsFrom(
  hours: SilenceHours,
  clock: Pick<ZoneClock, 'instantOf'>,
  firstDayMs: number,
  days: number,
): Generator<SilenceWindow> {
  const [from, to] = [ofDay(hours.from), ofDay(hours.to)];
  const lasts = to > from ? to : to + dayMs;
  for (let dayAt = firstDayMs; dayAt < firstDayMs + days * dayMs; dayAt += dayMs) {
    // 1970-01-01 was a Thursday, the fourth day of ISO 8601.
    const weekday = ((Math.floor(dayAt / dayMs) + 3) % 7) + 1;
    if (!hours.weekdays.includes(weekday)) continue;
    yield { fromMs: clock.instantOf(dayAt + from), untilMs: clock.instantOf(dayAt + lasts) };
  }
}

type Timed = Pick<StoredSilence, 'from' | 'until' | 'hours' | 'ended'>;

/** Whole days that are looked at: a window lasts a day at most, and a weekday comes each week. */
const lookedAhead = 9;

/**
 * The time in which a silence holds that contains an instant, or else the next one that begins after it;
 * undefined: it will hold no more.
 */
export function windowAt(
  { from, until, hours, ended }: Timed,
  clock: Pick<ZoneClock, 'instantOf' | 'wallOf'>,
  atMs: number,
): SilenceWindow | undefined {
  const whole = { fromMs: Date.parse(from), untilMs: Date.parse(until) };
  if (ended !== null || whole.untilMs <= atMs) return undefined;
  if (hours === null) return whole;
  const beginMs = Math.max(atMs, whole.fromMs);
  const firstDay = Math.floor(clock.wallOf(beginMs) / dayMs) * dayMs - dayMs;
  let found: SilenceWindow | undefined;
  for (const window of windowsFrom(hours, clock, firstDay, lookedAhead)) {
    const fromMs = Math.max(window.fromMs, whole.fromMs);
    const untilMs = Math.min(window.untilMs, whole.untilMs);
    if (untilMs <= beginMs || fromMs >= untilMs) continue;
    // Windows that meet are one: nobody is told at midnight of what is quiet until the morning.
    if (found && fromMs > found.untilMs) break;
    found = found ? { fromMs: found.fromMs, untilMs: Math.max(found.untilMs, untilMs) } : { fromMs, untilMs };
  }
  return found;
}

/** Until when a silence that holds at an instant does so, RFC 3339; undefined where it does not hold. */
export function holdsUntil(
  silence: Timed,
  clock: Pick<ZoneClock, 'instantOf' | 'wallOf'>,
  atMs: number,
): string | undefined {
  const window = windowAt(silence, clock, atMs);
  return window && window.fromMs <= atMs ? new Date(window.untilMs).toISOString() : undefined;
}

/** What a silence does to an alert that it covers. */
export const suppressionBy = ({ id, made }: StoredSilence, until: string): Suppression => ({
  ...{ kind: 'silence', ref: id, until, by: made.by },
});
