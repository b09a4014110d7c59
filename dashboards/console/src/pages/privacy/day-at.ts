/** The day of an instant in an IANA time zone: `2026-11-27`; empty for what is no instant. */
export function dayAt(time: string, timeZone: string): string {
  const atMs = Date.parse(time);
  if (Number.isNaN(atMs)) return '';
  return new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
  } as const).format(atMs);
}

const dayMs = 86_400_000;
const stepMs = 900_000;

/**
 * The first quarter of an hour of a day in an IANA time zone, as an instant: a day that has begun there is
 * never in the future. Clocks are put forward and back, at midnight too, so it is looked for.
 */
export function startOfDay(day: string, timeZone: string): string {
  const middleMs = Date.parse(`${day}T12:00:00.000Z`);
  for (let atMs = middleMs - 1.5 * dayMs; atMs < middleMs + dayMs; atMs += stepMs) {
    const time = new Date(atMs).toISOString();
    if (dayAt(time, timeZone) === day) return time;
  }
  return new Date(middleMs).toISOString();
}
