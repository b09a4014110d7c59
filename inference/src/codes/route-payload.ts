import type { PayloadMark, RoutedPayload } from './reading.ts';

/** Longest text that is kept, in UTF-16 units; a pass of the longest claims has under 1,200. */
const maxLength = 2048;

const groupSeparator = String.fromCharCode(0x1d);
const platePath = /^\/a\/([A-Za-z0-9_-]{8,64})$/;
const scheme = /^([a-z][a-z0-9+.-]{1,20}):/i;

/**
 * Says what a payload is, without trusting it: nothing is fetched, opened or verified, and it never throws. Text is cut at 2,048 UTF-16 units;
 * control and bidirectional formatting characters become U+FFFD. A payload that claims to be a pass or plate still has to be verified.
 */
export function routePayload(raw: string): RoutedPayload {
  const { text, marks } = inert(raw);
  if (/^WP[1H]:/.test(text)) return { kind: 'pass', text, marks };
  const elements = gs1Elements(raw.slice(0, maxLength));
  if (elements) return { kind: 'gs1', text, elements, marks };
  return routeUrl(text, marks) ?? { kind: 'text', text, marks };
}

function inert(raw: string): { text: string; marks: PayloadMark[] } {
  const marks: PayloadMark[] = [];
  if (raw.length > maxLength) marks.push('too_long');
  const cut = raw.slice(0, maxLength).toWellFormed();
  // Line breaks and tabs are text; U+001D separates GS1 elements.
  if (/(?![\r\n\t])\p{Cc}/u.test(cut.replaceAll(groupSeparator, ''))) marks.push('control_characters');
  if (/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(cut)) marks.push('bidi');
  const text = cut.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|(?![\r\n\t])\p{Cc}/gu, '\ufffd');
  return { text, marks };
}

function routeUrl(text: string, marks: PayloadMark[]): RoutedPayload | null {
  const trimmed = text.trim();
  const name = scheme.exec(trimmed)?.[1]?.toLowerCase();
  // Browsers skip blanks and controls inside a scheme: "java\tscript:" is one.
  if (/^(javascript|vbscript|data):/i.test(trimmed.replace(/[\s\ufffd]/g, ''))) {
    return { kind: 'text', text, marks: [...marks, 'script_url'] };
  }
  if (name === 'http' || name === 'https') return routeHttp(text, trimmed, marks);
  if (name && /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed))
    return { kind: 'text', text, marks: [...marks, 'unsafe_scheme'] };
  return null;
}

function routeHttp(text: string, trimmed: string, marks: PayloadMark[]): RoutedPayload {
  const url = URL.parse(trimmed);
  if (!url?.host) return { kind: 'text', text, marks };
  const added: PayloadMark[] = [];
  if (url.username || url.password) added.push('credentials');
  if (isMixedScript(trimmed) || url.hostname.split('.').some((label) => label.startsWith('xn--')))
    added.push('homograph');
  const id = platePath.exec(url.pathname)?.[1];
  const isPlate = id && url.protocol === 'https:' && url.searchParams.has('k') && url.searchParams.has('s');
  if (isPlate) return { kind: 'plate', text, id, domain: url.host, marks: [...marks, ...added] };
  return { kind: 'url', text, host: url.host, marks: [...marks, ...added] };
}

/** Letters other than ASCII in the authority part: legitimate names exist, so it is a mark and not a refusal. */
function isMixedScript(url: string): boolean {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  return /[^\x20-\x7e]/.test(authority);
}

/** GS1 element strings, as ZXing writes them (`(01)…(17)…`). */
function gs1Elements(raw: string): Record<string, string> | null {
  if (!/^\(\d{2,4}\)/.test(raw)) return null;
  const elements: Record<string, string> = {};
  let rest = raw;
  while (rest.length > 0) {
    const match = /^\((\d{2,4})\)([!-'*-~]{1,90}|[ -~]{1,90}?(?=\(\d{2,4}\)|$))/.exec(rest);
    const [whole, key, value] = match ?? [];
    if (!whole || !key || value === undefined) return null;
    elements[key] = value;
    rest = rest.slice(whole.length);
  }
  const gtin = elements['01'];
  return gtin !== undefined && !hasCheckDigit(gtin) ? null : elements;
}

/** GS1 General Specifications 7.9: weights 3 and 1 from the right. */
function hasCheckDigit(gtin: string): boolean {
  if (!/^\d{14}$/.test(gtin)) return false;
  let sum = 0;
  for (let i = 0; i < 13; i++) sum += Number(gtin[i]) * (i % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10 === Number(gtin[13]);
}
