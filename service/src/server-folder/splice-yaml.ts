import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/**
 * One change: what stands at `path` becomes `value`; `undefined` takes it away; a last part `-` adds to a
 * list.
 */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Characters `from` … `to` of the text become `by`. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * How one change is written into the text with nothing else of it touched. The caller compares what the
 * result says with what was wanted: not every form that YAML allows is known here.
 * @returns undefined where it does not know how
 */
export function spliceOf(text: string, document: Document, { path, value }: Edit): Splice | undefined {
  const parentPath = path.slice(0, -1);
  const part = path.at(-1);
  if (part === undefined) return undefined;
  // A list that is not there, or empty without brackets, is a setting of what is around it.
  if (part === '-' && (document.getIn(parentPath) ?? null) === null)
    return spliceOf(text, document, { path: parentPath, value: [value] });
  const parent = document.getIn(parentPath, true);
  return part === '-'
    ? spliceIntoList(text, parent, value)
    : isMap(parent)
      ? spliceIntoMap(text, parent, String(part), value)
      : isSeq(parent) && value !== undefined
        ? replaceNode(text, parent.items[Number(part)], value)
        : undefined;
}

/** Makes changes that do not touch one another. @returns undefined where two of them do */
export function spliced(text: string, splices: readonly Splice[]): string | undefined {
  let from = text.length + 1;
  let after = text;
  for (const one of splices.toSorted((a, b) => b.from - a.from || b.to - a.to)) {
    // At the same place it matters which is first.
    if (one.to > from || one.from === from) return undefined;
    after = after.slice(0, one.from) + one.by + after.slice(one.to);
    from = one.from;
  }
  return after;
}

function spliceIntoMap(text: string, map: YAMLMap, key: string, value: unknown): Splice | undefined {
  const pair = map.items.find((each) => (isScalar(each.key) ? each.key.value : each.key) === key);
  const first = map.items[0]?.key;
  if (!isNode(first) || map.flow)
    return pair && value !== undefined ? replaceNode(text, pair.value, value) : undefined;
  const indent = columnOf(text, startOf(first));
  if (pair && isNode(pair.key)) {
    const from = startOf(pair.key);
    const to = isNode(pair.value) ? endOf(pair.value) : endOf(pair.key);
    if (value !== undefined)
      return replaceNode(text, pair.value, value) ?? { from, to, by: block({ [key]: value }, indent) };
    // The line of a list's dash stays with what follows.
    const isOwnLine = text.slice(lineStart(text, from), from).trim() === '';
    return isOwnLine
      ? { from: lineStart(text, from), to: lineEnd(text, text.slice(0, to).trimEnd().length), by: '' }
      : undefined;
  }
  if (value === undefined) return { from: 0, to: 0, by: '' };
  return appendLine(text, endOf(map), indent, block({ [key]: value }, indent));
}

function spliceIntoList(text: string, list: unknown, value: unknown): Splice | undefined {
  if (!isSeq(list)) return undefined;
  if (list.flow) return list.items.length === 0 ? emptyToLines(text, list, value) : undefined;
  const dash = list.range?.[0] ?? 0;
  const indent = columnOf(text, dash);
  return appendLine(text, endOf(list), indent, block([value], indent));
}

/** `key: []` becomes lines below the key. */
function emptyToLines(text: string, list: YAMLSeq, value: unknown): Splice | undefined {
  const from = startOf(list);
  const key = text.slice(lineStart(text, from), from);
  const indent = key.length - key.trimStart().length + 2;
  if (!/^\s*(?:- )?\S+:\s+$/.test(key)) return undefined;
  const blank = ' '.repeat(indent);
  return {
    from: from - (key.length - key.trimEnd().length),
    to: endOf(list),
    by: `\n${blank}${block([value], indent)}`,
  };
}

/** A single value in the place of another; whole collections are written anew by the caller. */
function replaceNode(text: string, node: unknown, value: unknown): Splice | undefined {
  if (!isScalar(node) || typeof value === 'object') return undefined;
  const from = startOf(node);
  const by = stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 });
  const written = by.trimEnd().slice(1, -1);
  // What was empty has no blank before it.
  return { from, to: endOf(node), by: from > 0 && text[from - 1] === ':' ? ` ${written}` : written };
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
const endOf = (node: Node): number => node.range?.[1] ?? 0;
const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** A value in lines of its own; the first begins where the caller stands. */
function block(value: unknown, indent: number): string {
  return stringify(value, { lineWidth: 0, indentSeq: true, aliasDuplicateObjects: false })
    .trimEnd()
    .replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** Behind the line on which a collection ends, before blank lines and comments that follow it. */
function appendLine(text: string, end: number, indent: number, by: string): Splice {
  const before = text.slice(0, end).trimEnd().length;
  const at = lineEnd(text, before);
  const newline = text[at - 1] === '\n' ? '' : '\n';
  return { from: at, to: at, by: `${newline}${' '.repeat(indent)}${by}\n` };
}
