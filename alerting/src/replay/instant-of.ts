import { Temporal } from 'temporal-polyfill';

/**
 * An instant as people write it: RFC 3339, or a day, which is its beginning where the site is.
 * @returns undefined for what is neither
 */
export function instantOf(text: string, timeZone: string): string | undefined {
  try {
    const instant = /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? Temporal.PlainDate.from(text).toZonedDateTime(timeZone).toInstant()
      : Temporal.Instant.from(text);
    return new Date(instant.epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
}
