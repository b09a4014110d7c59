/**
 * What is known of a face to this many digits says how sure a match is; more digits would only say whose face
 * it was.
 */
const digits = 3;

/** Fields of events that are such measures. Rates that are written as 1e-4 stay as they are. */
const scores = new Set(['cosine', 'threshold', 'confidence', 'quality', 'liveness']);

/** The data of an event with its scores rounded to three decimals. */
export function roundedScores<T extends object>(data: T): T {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      scores.has(name) && typeof value === 'number' ? Number(value.toFixed(digits)) : value,
    ]),
  ) as T;
}
