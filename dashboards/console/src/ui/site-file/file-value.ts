/** A part of the way to something in a site file. */
export type Path = readonly (string | number)[];
export type Fields = Readonly<Record<string, unknown>>;

/** The settings of something; none where it is no such thing. A file with mistakes is read too. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** The entries of a list, each as its settings. */
export const entriesOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) found = Array.isArray(found) ? found[Number(part)] : fieldsOf(found)[String(part)];
  return found;
}

/** The same with something else at a path; undefined takes away what stands there. */
export function withValue(value: Fields, path: Path, next: unknown): Fields {
  return fieldsOf(changed(value, path, next));
}

function changed(value: unknown, [part, ...rest]: Path, next: unknown): unknown {
  if (part === undefined) return next;
  if (typeof part === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[part] = changed(list[part], rest, next);
    return list.filter((entry) => entry !== undefined);
  }
  const { [part]: inner, ...others } = fieldsOf(value);
  const after = changed(inner, rest, next);
  return after === undefined ? others : { ...fieldsOf(value), [part]: after };
}

/** A text as it stands in the file; empty where none does. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** A name in the language of the page, or what else is known of the thing. */
export function nameIn(entry: Fields, language: string): string {
  const name = fieldsOf(entry.name);
  return textOf(name[language]) || textOf(name['zh-CN']) || textOf(name.en) || textOf(entry.id);
}

/** Points of an outline, in metres or as parts of a picture. */
export type Point = readonly [x: number, y: number];
export function pointOf(value: unknown): Point | null {
  const [x, y] = Array.isArray(value) && value.length === 2 ? value : [];
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : null;
}
export const pointsOf = (value: unknown): readonly Point[] =>
  Array.isArray(value)
    ? value.flatMap((one): Point[] => {
        const point = pointOf(one);
        return point ? [point] : [];
      })
    : [];

/** The first of `camera-1`, `camera-2` … that nothing is called yet. */
export function freeId(stem: string, taken: readonly string[]): string {
  let number = 1;
  while (taken.includes(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}
