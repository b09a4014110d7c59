import { WatchpostError } from '@watchpost/contracts/errors';

/**
 * The instant that a request means, RFC 3339: an instant as it is, wall time without a `Z` by the zone of the
 * rota.
 * @param path where it stands in the request
 * @throws WatchpostError `api.invalid` for a day that is none, as the 30th of February
 */
export async function dutyInstant(text: string, timeZone: string, path: string): Promise<string> {
  const ms = Date.parse(text.endsWith('Z') ? text : `${text}:00Z`);
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text.slice(0, 16)))
    throw new WatchpostError('api.invalid', { path, details: { expected: 'a day that there is' } });
  if (text.endsWith('Z')) return new Date(ms).toISOString();
  const { zoneClock } = await import('./zone-clock.ts');
  return new Date(zoneClock(timeZone).instantOf(ms)).toISOString();
}
