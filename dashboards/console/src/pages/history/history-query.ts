const dayMs = 86_400_000;

/** A day as this computer counts it, as the API has times. */
const beginningOf = (day: string, daysLater = 0) =>
  new Date(Date.parse(`${day}T00:00`) + daysLater * dayMs).toISOString();

/** The states whose alerts have been handled. */
const done = 'resolved,closed';

/** What is looked for, as a query of the API; what is empty narrows nothing. */
export function historyQuery(fields: Iterable<readonly [string, unknown]>): string {
  const query = new URLSearchParams({ state: done, order: 'newest' });
  for (const [name, value] of fields) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (name === 'from') query.set(name, beginningOf(value));
    else if (name === 'until') query.set(name, beginningOf(value, 1));
    else query.set(name, value.trim());
  }
  return String(query);
}
