/** Fields of something in a site file, whatever mistakes it has. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
/** The entries of a list; none of anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** The fields of each entry of a list, with its place. */
export const each = (value: unknown): [number, Fields][] =>
  listOf(value).map((entry, index): [number, Fields] => [index, fieldsOf(entry)]);
/** The ids of the entries of a list. */
export const idsOf = (value: unknown): string[] =>
  each(value).flatMap(([, { id }]) => (typeof id === 'string' ? [id] : []));
