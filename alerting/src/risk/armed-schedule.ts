import type { Site } from '@watchpost/contracts/site';

type Window = Site['zones'][number]['armed'][number];

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** `HH:MM` on the wall clock of an IANA time zone. */
export function wallClock(timeMs: number, timeZone: string): string {
  return formatFor(timeZone).format(timeMs);
}

/**
 * Whether a zone is armed at an instant. `from` is inside, `to` outside; a window whose `from` is later than
 * its `to` runs over midnight, one whose ends are equal lasts all day.
 */
export function isArmed(windows: readonly Window[], timeMs: number, timeZone: string): boolean {
  if (windows.length === 0) return false;
  // `HH:MM` sorts as text.
  const now = wallClock(timeMs, timeZone);
  return windows.some(({ from, to }) =>
    from < to ? now >= from && now < to : from === to || now >= from || now < to,
  );
}
