/**
 * Lengths of application identifiers whose element strings end without a separator, with the identifier (GS1
 * General Specifications 7.8.5, figure "pre-defined length").
 */
const fixedLength: Readonly<Record<string, number>> = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  11: 8,
  12: 8,
  13: 8,
  14: 8,
  15: 8,
  16: 8,
  17: 8,
  18: 8,
  19: 8,
  20: 4,
  31: 10,
  32: 10,
  33: 10,
  34: 10,
  35: 10,
  36: 10,
  41: 16,
};
/**
 * Digits of an identifier by its first two digits (General Specifications 3.2); two where it is not listed.
 */
const identifierLength: Readonly<Record<string, number>> = {
  23: 3,
  24: 3,
  25: 3,
  31: 4,
  32: 4,
  33: 4,
  34: 4,
  35: 4,
  36: 4,
  39: 4,
  40: 3,
  41: 3,
  42: 3,
  43: 4,
  70: 4,
  71: 3,
  72: 4,
  80: 4,
  81: 4,
  82: 4,
};
const separator = '\u001d';
/** GS1 AI encodable character set 82, and the space that some encoders let through. */
const value = /^[ -~]{1,90}$/;

/**
 * Elements by application identifier; null when the text is no element string. Nothing but shape and the
 * check digit of a GTIN is looked at.
 */
export type Gs1Elements = Readonly<Record<string, string>>;

/** An element string with its identifiers in brackets, as ZXing writes it for people: `(01)…(17)…`. */
export function bracketedElements(text: string): Gs1Elements | null {
  if (!/^\(\d{2,4}\)/.test(text)) return null;
  const elements: Record<string, string> = {};
  let rest = text;
  while (rest.length > 0) {
    const match = /^\((\d{2,4})\)([!-'*-~]{1,90}|[ -~]{1,90}?(?=\(\d{2,4}\)|$))/.exec(rest);
    const [whole, key, content] = match ?? [];
    if (!whole || !key || content === undefined) return null;
    elements[key] = content;
    rest = rest.slice(whole.length);
  }
  return checked(elements);
}

/**
 * An element string as scanners send it: an AIM identifier that says GS1 (`]C1`, `]e0`, `]d2`, `]Q3`, `]J1`)
 * or a separator in front, identifiers without brackets, U+001D after elements of variable length.
 */
export function rawElements(text: string): Gs1Elements | null {
  const aim = /^\](?:C1|e[0-3]|d2|Q3|J1)/.exec(text)?.[0] ?? '';
  const separated = text.startsWith(separator, aim.length);
  if (!aim && !separated) return null;
  const elements: Record<string, string> = {};
  let rest = text.slice(aim.length + (separated ? 1 : 0));
  while (rest.length > 0) {
    const two = rest.slice(0, 2);
    const key = rest.slice(0, identifierLength[two] ?? 2);
    const end = rest.indexOf(separator);
    const length = fixedLength[two] ?? (end === -1 ? rest.length : end);
    const content = rest.slice(key.length, length);
    if (!/^\d{2,4}$/.test(key) || !value.test(content) || rest.length < length) return null;
    elements[key] = content;
    // A separator after a fixed length is superfluous and allowed.
    rest = rest.slice(length).replace(separator, (found, at: number) => (at === 0 ? '' : found));
  }
  return checked(elements);
}

/**
 * Key identifiers that a GS1 Digital Link begins with and the qualifiers that may follow each (Digital Link
 * URI syntax 1.5, section 4).
 */
const qualifiers: Readonly<Record<string, readonly string[]>> = {
  '01': ['22', '10', '21', '235'],
  '00': [],
  '8006': ['22', '10', '21'],
  '414': ['254', '7040'],
  '417': ['7040'],
  '253': [],
  '255': [],
  '401': [],
  '402': [],
  '8003': [],
  '8004': ['7040'],
  '8010': ['8011'],
  '8013': [],
  '8017': ['8019'],
  '8018': ['8019'],
};

/**
 * A GS1 Digital Link: a key, its qualifiers and attributes in a web address; the GTIN may stand after any
 * other path.
 */
export function linkElements(url: URL): Gs1Elements | null {
  const parts = url.pathname.split('/').slice(1);
  const at = parts.findIndex((part, i) => Object.hasOwn(qualifiers, part) && (parts.length - i) % 2 === 0);
  const key = parts[at];
  if (key === undefined) return null;
  const allowed = qualifiers[key] ?? [];
  const elements: Record<string, string> = {};
  for (let i = at; i < parts.length; i += 2) {
    const name = parts[i] ?? '';
    if ((i > at && !allowed.includes(name)) || Object.hasOwn(elements, name)) return null;
    elements[name] = decoded(parts[i + 1] ?? '');
  }
  for (const [name, content] of url.searchParams) {
    if (/^\d{2,4}$/.test(name) && !Object.hasOwn(elements, name)) elements[name] = content;
  }
  // GTINs of 8, 12 and 13 digits are written out to 14.
  if (/^\d{8}$|^\d{12,13}$/.test(elements['01'] ?? ''))
    elements['01'] = (elements['01'] ?? '').padStart(14, '0');
  const numeric = key === '01' || key === '00' || key === '414' || key === '417';
  if (numeric && !/^\d+$/.test(elements[key] ?? '')) return null;
  return Object.values(elements).every((content) => value.test(content)) ? checked(elements) : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function checked(elements: Readonly<Record<string, string>>): Gs1Elements | null {
  const gtin = elements['01'];
  return Object.keys(elements).length === 0 || (gtin !== undefined && !hasCheckDigit(gtin)) ? null : elements;
}

/** GS1 General Specifications 7.9: weights 3 and 1 from the right. */
function hasCheckDigit(gtin: string): boolean {
  if (!/^\d{14}$/.test(gtin)) return false;
  let sum = 0;
  for (let i = 0; i < 13; i++) sum += Number(gtin[i]) * (i % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10 === Number(gtin[13]);
}
