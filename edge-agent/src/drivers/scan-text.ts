/** How the bytes of a scan become a text. */
export interface ScanTextRule {
  readonly encoding: 'utf-8' | 'ascii' | 'latin-1' | 'gb18030';
  /** Longest text in UTF-16 units. */
  readonly maxChars: number;
  readonly prefix: string;
  readonly suffix: string;
  readonly aimIdentifier: boolean;
}

/** ISO/IEC 15424: `]`, a letter for the symbology, a digit or letter for its mode. */
const aim = /^\][A-Za-z][0-9A-Za-z]/;
/** The modes that say GS1; `routePayload` reads the element string after them. */
const gs1Aim = /^\](C1|e[0-3]|d2|Q3|J1)/;

/**
 * null when the bytes are not in the encoding, or too long. The text is hostile until routed: nothing in it
 * is changed but prefix, suffix and identifier.
 */
export function scanText(bytes: Uint8Array, rule: ScanTextRule): string | null {
  let text = decode(bytes, rule.encoding);
  if (text === null) return null;
  // Some readers put the prefix before the identifier, some behind it.
  const withoutPrefix = (from: string) =>
    rule.prefix && from.startsWith(rule.prefix) ? from.slice(rule.prefix.length) : from;
  text = withoutPrefix(text);
  if (rule.aimIdentifier && aim.test(text) && !gs1Aim.test(text)) text = withoutPrefix(text.slice(3));
  if (rule.suffix && text.endsWith(rule.suffix)) text = text.slice(0, -rule.suffix.length);
  return text.length > 0 && text.length <= rule.maxChars ? text : null;
}

function decode(bytes: Uint8Array, encoding: ScanTextRule['encoding']): string | null {
  if (encoding === 'latin-1' || encoding === 'ascii') {
    if (encoding === 'ascii' && bytes.some((byte) => byte > 127)) return null;
    // Not TextDecoder: to the web, Latin-1 means Windows-1252.
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  }
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
