/**
 * Whether PostgreSQL can store every text in a JSON value: it has neither U+0000 nor lone surrogates. Values come from
 * schemas of bounded depth.
 */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}
