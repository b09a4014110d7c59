/** What {@link canonicalJson} takes: JSON whose numbers are whole. */
export type PlainJson =
  | string
  | number
  | boolean
  | null
  | readonly PlainJson[]
  | { readonly [key: string]: PlainJson };

/**
 * The one spelling of a value, after RFC 8785 (JSON Canonicalization Scheme): no blanks, keys in the order of
 * their UTF-16 units, strings and numbers as ECMAScript writes them. Numbers are whole here, which leaves out
 * the hard part.
 * @throws RangeError for a number that is not whole or not safe, and for a string that is no Unicode
 */
export function canonicalJson(value: PlainJson): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('not a whole number');
  if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('not a Unicode string');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${canonicalJson(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${fields.join(',')}}`;
}

const isList = (value: object): value is readonly PlainJson[] => Array.isArray(value);
