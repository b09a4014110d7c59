const dayMs = 86_400_000;

/** A day as this computer counts it, as the API has times. */
const beginningOf = (day: string, daysLater = 0) =>
  new Date(Date.parse(`${day}T00:00`) + daysLater * dayMs).toISOString();

/** The states whose alerts have been handled. */
const done = 'resolved,closed';

/** What is looked for, as a query of the API; what is empty narrows nothing. */
export function historyQuery(fields: Iterable<readonly [string, unknown]>): Readonly<Record<string, string>> {
  const query: Record<string, string> = { state: done, order: 'newest' };
  for (const [name, value] of fields) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (name === 'from') query[name] = beginningOf(value);
    else if (name === 'until') query[name] = beginningOf(value, 1);
    else query[name] = value.trim();
  }
  return query;
}
