import { bracketedElements, linkElements, rawElements } from './gs1.ts';
import { hostMarks } from './host-marks.ts';
import { addressTextIn, passTextIn } from './own-text.ts';
import type { PayloadMark, RoutedPayload } from './reading.ts';

/** Longest text that is kept, in UTF-16 units; a pass of the longest claims has under 1,200. */
const maxLength = 2048;

const groupSeparator = '\u001d';
const platePath = /^\/a\/([A-Za-z0-9_-]{8,64})$/;
/**
 * Formatting characters (bidirectional, zero width, tags) and the two line separators that only some programs
 * break at.
 */
const invisible = /[\p{Cf}\u2028\u2029]/u;
const unprintable = /[\p{Cf}\u2028\u2029]|(?![\r\n\t])\p{Cc}/gu;
const scriptScheme = /^(javascript|vbscript|livescript|data|blob|filesystem):/i;
/** Schemes that start a program or open a local file; any other scheme with `//` counts as well. */
const unsafeScheme =
  /^(?!https?:)(?:[a-z][a-z0-9+.-]*:\/\/|(?:file|intent|jar|view-source|about|chrome|resource|shell|ms-[a-z-]+|search-ms|itms-services):)/i;

/**
 * Says what a payload is, without trusting it: nothing is fetched, opened or verified, and it never throws.
 * Text is cut at 2,048 UTF-16 units; control, bidirectional and invisible formatting characters become
 * U+FFFD. A payload that claims to be a pass or plate still has to be verified.
 */
export function routePayload(raw: string): RoutedPayload {
  const { text, marks } = inert(raw);
  const found = passTextIn(raw.slice(0, maxLength));
  if (found !== null) {
    const pass = inert(found).text;
    return { kind: 'pass', text: pass, marks: tolerated(marks, pass !== text) };
  }
  const cut = raw.slice(0, maxLength);
  const elements = raw.length > maxLength ? null : (bracketedElements(cut) ?? rawElements(cut));
  if (elements) return { kind: 'gs1', text, elements, marks };
  const address = inert(addressTextIn(cut)).text;
  return routeUrl(address, tolerated(marks, address !== text)) ?? { kind: 'text', text, marks };
}

const tolerated = (marks: readonly PayloadMark[], changed: boolean): PayloadMark[] =>
  changed ? [...marks, 'tolerated'] : [...marks];

function inert(raw: string): { text: string; marks: PayloadMark[] } {
  const marks: PayloadMark[] = [];
  if (raw.length > maxLength) marks.push('too_long');
  const cut = raw.slice(0, maxLength).toWellFormed();
  // Line breaks and tabs are text; U+001D separates GS1 elements.
  if (/(?![\r\n\t])\p{Cc}/u.test(cut.replaceAll(groupSeparator, ''))) marks.push('control_characters');
  if (invisible.test(cut)) marks.push('bidi');
  return { text: cut.replace(unprintable, '\ufffd'), marks };
}

function routeUrl(text: string, marks: PayloadMark[]): RoutedPayload | null {
  const trimmed = text.trim();
  // Browsers skip blanks and controls inside a scheme ("java\tscript:" is one), and people read fullwidth
  // letters as letters.
  const plain = trimmed
    .slice(0, 256)
    .normalize('NFKC')
    .replace(/[\s\ufffd]/g, '');
  if (scriptScheme.test(plain)) return { kind: 'text', text, marks: [...marks, 'script_url'] };
  if (/^https?:/i.test(trimmed)) return routeHttp(text, trimmed, marks);
  if (unsafeScheme.test(plain)) return { kind: 'text', text, marks: [...marks, 'unsafe_scheme'] };
  return null;
}

function routeHttp(text: string, trimmed: string, marks: PayloadMark[]): RoutedPayload {
  const url = URL.parse(trimmed);
  if (!url?.host) return { kind: 'text', text, marks };
  const authority = /^https?:[\\/]*([^\\/?#]*)/i.exec(trimmed)?.[1] ?? '';
  const added: PayloadMark[] = hostMarks(authority, url.hostname);
  if (url.username || url.password || authority.includes('@')) added.push('credentials');
  const all = [...marks, ...added];
  const id = platePath.exec(url.pathname)?.[1];
  const isPlate = id && url.protocol === 'https:' && url.searchParams.has('k') && url.searchParams.has('s');
  if (isPlate) return { kind: 'plate', text, id, domain: url.host, marks: all };
  const elements = linkElements(url);
  if (elements) return { kind: 'gs1', text, elements, host: url.host, marks: all };
  return { kind: 'url', text, host: url.host, marks: all };
}
