import { domainToUnicode } from 'node:url';
import type { PayloadMark } from './reading.ts';

const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}]/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Thai}/u,
  /\p{Script=Devanagari}/u,
];
/**
 * Letters of other alphabets that look like Latin ones (Unicode TS #39, confusables, the common ones). A name
 * made of these alone is nobody's.
 */
const likeLatin = /^[аеорсухіјѕԁɡһԛԝҽӏքոսցհցΟοΑΒΕΖΗΙΚΜΝΡΤΥΧνικαρυτω0-9-]+$/u;
/** Latin letters beyond ASCII that pass for ASCII ones. */
const oddLatin = /[ɑɡıȷɩʟʀᴄᴏᴠᴡᴢꞏⅼⅰｰﬀ-ﬆ]/u;

/**
 * What to say about a host name. `punycode`: the text spells international letters as `xn--…`. `homograph`: a
 * label mixes alphabets, or is made of letters that pass for others. Names that are plainly Chinese,
 * Japanese, Arabic and so on get no mark.
 */
export function hostMarks(authority: string, hostname: string): PayloadMark[] {
  const marks: PayloadMark[] = [];
  if (/(^|\.|@)xn--/i.test(authority)) marks.push('punycode');
  const shown = domainToUnicode(hostname) || hostname;
  // The address library maps fullwidth and other compatibility letters to plain ones: what is shown is not
  // where it leads.
  const folded =
    /[^\x20-\x7e]/.test(authority) && authority.normalize('NFKC').toLowerCase() !== authority.toLowerCase();
  if (folded || shown.split('.').some(isDeceptive)) marks.push('homograph');
  return marks;
}

function isDeceptive(label: string): boolean {
  if (/^[\x20-\x7e]*$/.test(label)) return false;
  const used = scripts.filter((script) => script.test(label)).length;
  return used > 1 || likeLatin.test(label) || oddLatin.test(label);
}
