/**
 * What stands at a JSON pointer (RFC 6901 §4); undefined where nothing does. Only what the value itself holds
 * counts, never what its prototype has.
 */
export function jsonAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const token of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    // §4: an index has no leading zeros; `-` is the element after the last, which is never there.
    if (Array.isArray(at) && !/^(?:0|[1-9]\d*)$/.test(name)) return undefined;
    if (!Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** A message as JSON; one that is none is a text, as many devices send `ON` or `23.5` alone. */
export function messageValue(payload: Uint8Array): unknown {
  const text = Buffer.from(payload).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
