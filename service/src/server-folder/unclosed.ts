import { type Document, isCollection, isScalar, visit } from 'yaml';

/** What closes what. */
const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']', '{': '}' };

/**
 * Where the innermost quotation mark or bracket begins that is open at an offset and never closed: the parser
 * names the place where it gave up, which may be lines further down.
 */
export function unclosedAt(document: Document, text: string, offset: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Node: (_key, node) => {
      const [from, to] = node.range ?? [0, 0];
      const opening = text[from] ?? '';
      const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
      const isFlow = isCollection(node) && node.flow === true;
      if (!(isQuoted || isFlow) || from > offset) return;
      const isClosed = to - from > 1 && text[to - 1] === closing[opening];
      if (!isClosed && to >= offset - 1) found = from;
    },
  });
  return found;
}
