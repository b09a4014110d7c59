import type { Mistake } from '@watchpost/contracts/site';
import { CST, Lexer } from 'yaml';
import { serverFolderPolicy } from '../policy.ts';

/** Where a text goes beyond what is parsed. */
export interface BoundBroken {
  readonly code: Extract<Mistake['code'], 'site.too_deep' | 'site.too_large'>;
  readonly offset: number;
  /** The bound. */
  readonly expected: number;
}

/** How much deeper each of these goes: brackets until they close, the others to the end of their line. */
const opening: ReadonlySet<string | null> = new Set(['flow-map-start', 'flow-seq-start']);
const closing: ReadonlySet<string | null> = new Set(['flow-map-end', 'flow-seq-end']);
/** Marks among the words that are not in the text. */
const notWritten: ReadonlySet<string | null> = new Set(['doc-mode', 'flow-error-end', 'scalar']);
const onLine: ReadonlySet<string | null> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

/**
 * Looks over the words of a YAML text before it is parsed: what is nested too deep, indented too far or has
 * too many words costs a parser minutes and gigabytes. Takes time in proportion to the text.
 * @returns undefined where the text stays within the policy’s bounds
 */
export function boundBroken(text: string): BoundBroken | undefined {
  const { depth, indentation, words } = serverFolderPolicy;
  let offset = 0;
  let count = 0;
  let open = 0;
  let here = 0;
  let begins = true;
  let isText = false;
  for (const word of new Lexer().lex(text)) {
    const type: string | null = isText ? null : CST.tokenType(word);
    count += 1;
    if (count > words) return { code: 'site.too_large', offset, expected: words };
    if (type === 'newline') here = 0;
    else if (opening.has(type)) open += 1;
    else if (closing.has(type)) open = Math.max(0, open - 1);
    else if (open === 0 && onLine.has(type)) here += 1;
    const isTooFar = begins && type === 'space' && word.length > indentation;
    if (open + here > depth || isTooFar)
      return { code: 'site.too_deep', offset, expected: isTooFar ? indentation : depth };
    begins = type === 'newline';
    isText = type === 'scalar';
    if (!notWritten.has(type)) offset += word.length;
  }
  return undefined;
}
