/** ISO/IEC 15424: `]`, a letter for the symbology, a digit or letter for its mode. */
const aim = /^\][A-Za-z][0-9A-Za-z]/;
/**
 * What readers and editors put before and behind a text: blanks, STX and ETX, a byte order mark and other
 * invisible marks.
 */
const before = /^[\s\p{Cc}\u200b-\u200f\u2060\ufeff]+/u;
const behind = /[\p{Cc}\u200b-\u200f\u2060\ufeff]+$/u;
/** A prefix that an installer gave the reader is short and stands directly before what is ours. */
const shortPrefix = /^[^\s:]{1,16}?(?=(?:\][A-Za-z][0-9A-Za-z])?WP[1H]:)/;
const pass = /^WP[1H]:/;

/**
 * A pass inside what a reader made of it, or null: with an AIM identifier, with a prefix before or behind
 * that, between STX and ETX, with blanks or a byte order mark before it, in full-width or small letters.
 * Passes are Base45 (RFC 9285), so letters have one case and one width; a blank at the end may belong to the
 * text and stays (see `withoutTrailingBlanks`).
 */
export function passTextIn(raw: string): string | null {
  const folded = raw.normalize('NFKC').replace(behind, '').replace(before, '').toUpperCase();
  const text = folded.replace(shortPrefix, '').replace(aim, '').replace(before, '').replace(shortPrefix, '');
  return pass.test(text) ? text : null;
}

/** The same without the blanks at its end: for a pass that cannot be read with them. */
export const withoutTrailingBlanks = (text: string): string => text.trimEnd();

/** A web address inside what a reader made of it, for plates; other texts as they are. */
export function addressTextIn(raw: string): string {
  const text = raw.replace(behind, '').replace(before, '').replace(aim, '').replace(before, '').trimEnd();
  return /^https?:/i.test(text) ? text : raw;
}
