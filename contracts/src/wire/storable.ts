/**
 * The first text below `value` that PostgreSQL cannot store, as a JSON pointer (RFC 6901): it has neither
 * U+0000 nor halves of surrogate pairs. Names of fields count. `undefined` when all can be stored. Values
 * deeper than `depth` are not storable either.
 */
export function unstorablePath(value: unknown, depth = 32): string | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : '';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return '';
  for (const [key, inner] of Object.entries(value)) {
    if (!isStorableText(key)) return '/';
    const below = unstorablePath(inner, depth - 1);
    if (below !== undefined) return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}${below}`;
  }
  return undefined;
}

function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
