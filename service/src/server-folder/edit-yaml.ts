import { isDeepStrictEqual } from 'node:util';
import { WatchpostError } from '@watchpost/contracts/errors';
import { jsonPointer } from '@watchpost/contracts/wire';
import { type Document, isSeq } from 'yaml';
import { type Edit, spliced, spliceOf } from './splice-yaml.ts';
import { readYaml } from './yaml-file.ts';

/**
 * Changes a file by program. Comments stay, and so do order, blank lines and the spelling of everything else
 * as far as the change can be written into the text; where it cannot, the whole file is written anew.
 * @param sequentialBytes bytes of the file times edits, at most, where an edit depends on the one before: the
 *   file is read anew for each
 * @throws WatchpostError `site.cannot_edit` where the file is no YAML or the path leads through a single
 *   value, `site.too_large`
 */
export function editYaml(
  text: string,
  file: string,
  edits: readonly Edit[],
  sequentialBytes = Number.POSITIVE_INFINITY,
): string {
  const together = edits.length > 1 ? editTogether(text, file, edits) : undefined;
  if (together !== undefined) return together;
  if (edits.length > 1 && text.length * edits.length > sequentialBytes)
    throw new WatchpostError('site.too_large', { path: file, details: { most: sequentialBytes } });
  return edits.reduce((before, edit) => editOnce(before, file, edit), text);
}

/** All edits at once, read from the file as it is. @returns undefined where that is not what they ask for */
function editTogether(text: string, file: string, edits: readonly Edit[]): string | undefined {
  const document = documentOf(text, file);
  const splices = edits.flatMap((edit) => spliceOf(text, document, edit) ?? []);
  const after = splices.length === edits.length ? spliced(text, splices) : undefined;
  if (after === undefined) return undefined;
  for (const edit of edits) applyTo(document, edit);
  return says(after, file, document) ? after : undefined;
}

function editOnce(text: string, file: string, edit: Edit): string {
  const document = documentOf(text, file);
  const splice = spliceOf(text, document, edit);
  const after = splice && spliced(text, [splice]);
  applyTo(document, edit);
  if (after !== undefined && says(after, file, document)) return after;
  return document.toString({ lineWidth: 0, indentSeq: true });
}

/** @throws WatchpostError `site.cannot_edit` */
function documentOf(text: string, file: string): Document {
  const { document, mistakes } = readYaml(Buffer.from(text), file);
  const [mistake] = mistakes;
  if (mistake) throw new WatchpostError('site.cannot_edit', { path: file, details: { line: mistake.line } });
  return document;
}

/** @throws WatchpostError `site.cannot_edit` */
function applyTo(document: Document, edit: Edit): void {
  try {
    apply(document, edit);
  } catch (cause) {
    throw new WatchpostError('site.cannot_edit', { path: jsonPointer(edit.path), cause });
  }
}

/** Whether a text says what a document says. */
function says(text: string, file: string, wanted: Document): boolean {
  const { value, mistakes } = readYaml(Buffer.from(text), file);
  return mistakes.length === 0 && isDeepStrictEqual(value, wanted.toJS());
}

/** What is said twice is written twice: there are no aliases. */
const plain = { aliasDuplicateObjects: false };

function apply(document: Document, { path, value }: Edit): void {
  if (value === undefined) {
    document.deleteIn(path);
    return;
  }
  if (path.at(-1) !== '-') {
    document.setIn(path, document.createNode(value, plain));
    return;
  }
  const above = path.slice(0, -1);
  const list = document.getIn(above);
  if (isSeq(list)) list.add(document.createNode(value, plain));
  else if (list === undefined || list === null) document.setIn(above, document.createNode([value], plain));
  else throw new Error('not a list');
}
