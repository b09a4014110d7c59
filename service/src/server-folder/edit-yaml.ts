import { isDeepStrictEqual } from 'node:util';
import { WatchpostError } from '@watchpost/contracts/errors';
import { jsonPointer } from '@watchpost/contracts/wire';
import { type Document, isSeq } from 'yaml';
import { type Edit, spliceYaml } from './splice-yaml.ts';
import { readYaml } from './yaml-file.ts';

/**
 * Changes a file by program. Comments stay, and so do order, blank lines and the spelling of everything else
 * as far as the change can be written into the text; where it cannot, the whole file is written anew.
 * @throws WatchpostError `site.cannot_edit` where the file is no YAML or the path leads through a single
 *   value
 */
export function editYaml(text: string, file: string, edits: readonly Edit[]): string {
  return edits.reduce((before, edit) => editOnce(before, file, edit), text);
}

function editOnce(text: string, file: string, edit: Edit): string {
  const { document, mistakes } = readYaml(Buffer.from(text), file);
  const [mistake] = mistakes;
  if (mistake) throw new WatchpostError('site.cannot_edit', { path: file, details: { line: mistake.line } });
  const spliced = spliceYaml(text, document, edit);
  try {
    apply(document, edit);
  } catch (cause) {
    throw new WatchpostError('site.cannot_edit', { path: jsonPointer(edit.path), cause });
  }
  if (spliced !== undefined && says(spliced, file, document)) return spliced;
  return document.toString({ lineWidth: 0, indentSeq: true });
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
