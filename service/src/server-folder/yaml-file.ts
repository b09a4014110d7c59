import type { Mistake } from '@watchpost/contracts/site';
import { jsonPointer } from '@watchpost/contracts/wire';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
  type ErrorCode as YamlErrorCode,
} from 'yaml';
import { serverFolderPolicy } from '../policy.ts';
import { unclosedAt } from './unclosed.ts';
import { boundBroken } from './yaml-bounds.ts';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where in a file something stands; what is not there stands where the nearest thing around it stands. */
export type PositionOf = (path: readonly PropertyKey[]) => Position;

/** A file as it was written, with what it says. */
export interface YamlFile {
  readonly document: Document;
  readonly value: unknown;
  readonly positionOf: PositionOf;
  /** Nothing else of the file can be relied on where there is one. At most the policy’s number. */
  readonly mistakes: readonly Mistake[];
  /** How many more there are. */
  readonly unshown: number;
}

/** What the parser calls a mistake, in our codes. All others are `site.syntax`. */
const codes: Partial<Record<YamlErrorCode, Mistake['code']>> = {
  TAB_AS_INDENT: 'site.indentation',
  BAD_INDENT: 'site.indentation',
  MULTILINE_IMPLICIT_KEY: 'site.indentation',
  BAD_ALIAS: 'site.alias',
  TAG_RESOLVE_FAILED: 'site.tag',
  NON_STRING_KEY: 'site.quotes_needed',
};

/** What the parser says where something was opened and not closed. */
const opens: ReadonlySet<YamlErrorCode> = new Set(['MISSING_CHAR', 'BAD_INDENT', 'UNEXPECTED_TOKEN']);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a file as YAML 1.2 with the core schema (yaml.org/spec/1.2.2, §10.3): `no` and `22:30` are texts.
 * Names are texts, each once; there are no anchors, aliases, merge keys or tags, so that what a program
 * changes is what stands there.
 * @param file its path from the server folder, for its mistakes
 */
export function readYaml(bytes: Uint8Array, file: string): YamlFile {
  const mistake = (code: Mistake['code'], at: Position, details: Mistake['details'] = {}): Mistake => ({
    code,
    file,
    ...at,
    path: '/',
    details,
  });
  const start = { line: 1, column: 1 };
  const unreadable = (code: Mistake['code'], at: Position, details?: Mistake['details']): YamlFile => ({
    document: parseDocument(''),
    value: undefined,
    positionOf: () => start,
    mistakes: [mistake(code, at, details)],
    unshown: 0,
  });
  const { fileBytes, mistakesShown } = serverFolderPolicy;
  if (bytes.byteLength > fileBytes)
    return unreadable('site.too_large', start, { found: bytes.byteLength, expected: fileBytes });
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return unreadable('site.encoding', lineOfFirstBadByte(bytes));
  }
  const broken = boundBroken(text);
  if (broken) {
    const { code, offset, expected } = broken;
    return unreadable(code, positionIn(text, offset), { expected });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    stringKeys: true,
    // Below, in one pass: the parser compares each name with each other one.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = [...document.errors, ...document.warnings];
  // What is shown is explained, and no more: each explanation reads the whole file.
  const mistakes = errors.slice(0, mistakesShown).map((error) => {
    const open = opens.has(error.code) ? unclosedAt(document, text, error.pos[0]) : undefined;
    return open === undefined
      ? mistake(codes[error.code] ?? 'site.syntax', at(placeOf(error, text)), { found: shown(error) })
      : mistake('site.unclosed', at(open));
  });
  const refused = refusedNodes(document);
  for (const { code, offset } of refused.slice(0, mistakesShown - mistakes.length))
    mistakes.push(mistake(code, at(offset)));
  return {
    document,
    value: mistakes.length > 0 ? undefined : (document.toJS({ maxAliasCount: 0 }) as unknown),
    positionOf: (path) => at(offsetOf(document, path)),
    mistakes: mistakes.map((each) => ({ ...each, path: pathAt(document, each, lines) })),
    unshown: errors.length + refused.length - mistakes.length,
  };
}

/** What YAML allows and we do not: anchors, aliases, and names that stand twice. */
function refusedNodes(
  document: Document,
): readonly { readonly code: Mistake['code']; readonly offset: number }[] {
  const found: { code: Mistake['code']; offset: number }[] = [];
  visit(document, {
    Alias: (_key, node) => void found.push({ code: 'site.alias', offset: startOf(node) ?? 0 }),
    Map: (_key, { items }) => {
      const names = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (names.has(name)) found.push({ code: 'site.duplicate_key', offset: startOf(key) ?? 0 });
        names.add(name);
      }
    },
    Node: (_key, node) => {
      if (!isAlias(node) && 'anchor' in node && node.anchor)
        found.push({ code: 'site.alias', offset: startOf(node) ?? 0 });
    },
  });
  return found;
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** A name over two lines is one that was indented too far: it is the second line that is wrong. */
function placeOf({ code, pos: [from] }: YAMLError, text: string): number {
  const next = code === 'MULTILINE_IMPLICIT_KEY' ? text.indexOf('\n', from) : -1;
  return next < 0 ? from : next + 1 + (/^ */.exec(text.slice(next + 1))?.[0].length ?? 0);
}

/** What the parser says, without the text of the file: it may hold a password. */
function shown(error: YAMLError): string {
  return error.code.toLowerCase().replaceAll('_', ' ');
}

/** A byte that is not UTF-8 is on the line behind so many line feeds. */
function lineOfFirstBadByte(bytes: Uint8Array): Position {
  let good = 0;
  let bad = bytes.byteLength;
  // The longest beginning that is UTF-8, but for a character that was cut.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  const before = bytes.subarray(0, good);
  const line = before.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 1);
  return { line, column: good - before.lastIndexOf(0x0a) };
}

/** Offset of what stands at the path; a key rather than its value, so that a missing value has a place. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === part);
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (node === undefined) return offset;
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return isScalar(node) ? (startOf(node) ?? offset) : offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? (node as Node).range?.[0] : undefined);

/** The path of the innermost named thing that begins before a place. */
function pathAt(document: Document, { line, column }: Position, lines: LineCounter): string {
  const offset = (lines.lineStarts[line - 1] ?? 0) + column - 1;
  let found: readonly PropertyKey[] = [];
  const walk = (node: unknown, path: readonly PropertyKey[]): void => {
    const inner: [PropertyKey, unknown, unknown][] = isMap(node)
      ? node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '?', key, value])
      : isSeq(node)
        ? node.items.map((item, index) => [index, item, item])
        : [];
    for (const [part, begins, value] of inner) {
      if ((startOf(begins) ?? Number.POSITIVE_INFINITY) > offset) return;
      found = [...path, part];
      walk(value, found);
    }
  };
  walk(document.contents, []);
  return jsonPointer(found) || '/';
}
