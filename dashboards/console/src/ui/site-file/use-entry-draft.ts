import type { SiteEdit, SiteFileView } from '@watchpost/contracts/api';
import { useState } from 'react';
import { editsBetween, isSame, pointerOf, touchedByBoth } from './edits-between.ts';
import { entriesOf, type Fields, fieldsOf, type Path, textOf, valueAt, withValue } from './file-value.ts';

/**
 * A part of the site file that one form edits: an entry of a list by its id, a privacy record, which has no
 * id, by what it was, or a section. Null: a new entry.
 */
export type Place =
  | { readonly list: 'devices' | 'zones' | 'plans'; readonly id: string | null }
  | { readonly list: 'privacy'; readonly was: Fields | null }
  | { readonly section: Path };

/** What somebody has made of a part of the site file, and not yet handed in. */
export interface EntryDraft {
  readonly value: Fields;
  readonly set: (value: Fields) => void;
  /** What would have to be edited; none: nothing is changed. */
  readonly edits: readonly SiteEdit[];
  /** What would have to be edited to come to another value. */
  readonly editsTo: (value: Fields) => readonly SiteEdit[];
  /** Where it stands in the file, as a JSON pointer. */
  readonly pointer: string;
  /**
   * Puts what was made onto a file that somebody else changed meanwhile; gives what both of them touched, as
   * JSON pointers into the part.
   */
  readonly moveTo: (view: SiteFileView) => readonly string[];
}

interface Located {
  readonly path: Path;
  readonly pointer: string;
  readonly present: Fields | undefined;
}

function locate({ value }: SiteFileView, place: Place): Located {
  if ('section' in place)
    return {
      path: place.section,
      pointer: pointerOf(place.section),
      present: fieldsOf(valueAt(value, place.section)),
    };
  const all = entriesOf(value?.[place.list]);
  const index = place.list === 'privacy' ? recordIndex(all, place.was) : entryIndex(all, place.id);
  return index < 0
    ? { path: [place.list, '-'], pointer: `/${place.list}/${all.length}`, present: undefined }
    : { path: [place.list, index], pointer: `/${place.list}/${index}`, present: all[index] };
}

const entryIndex = (all: readonly Fields[], wanted: string | null): number =>
  wanted === null ? -1 : all.findIndex(({ id }) => id === wanted);

/** Where a privacy record stands: as it was, or else the one of the same assessment; -1: nowhere. */
export function recordIndex(all: readonly Fields[], was: Fields | null): number {
  if (was === null) return -1;
  const same = all.findIndex((record) => isSame(record, was));
  const reference = (record: Fields) => textOf(valueAt(record, ['assessment', 'reference']));
  return same >= 0 || reference(was) === ''
    ? same
    : all.findIndex((record) => reference(record) === reference(was));
}

/** @param fresh what a new entry begins with */
export function useEntryDraft(view: SiteFileView, place: Place, fresh: Fields = {}): EntryDraft {
  const [start] = useState(() => locate(view, place).present);
  const [base, setBase] = useState(start);
  const [value, set] = useState<Fields>(start ?? fresh);
  const { path, pointer } = locate(view, place);
  const editsTo = (wanted: Fields): readonly SiteEdit[] =>
    base === undefined || path.at(-1) === '-'
      ? [{ path: [...path], value: wanted as SiteEdit['value'] }]
      : editsBetween(base, wanted, path);
  const moveTo = (next: SiteFileView): readonly string[] => {
    const { present } = locate(next, place);
    if (base === undefined || present === undefined) return [];
    const mine = editsBetween(base, value, []);
    const theirs = editsBetween(base, present, []);
    setBase(present);
    set(mine.reduce((moved, edit) => withValue(moved, edit.path, edit.value), present));
    return touchedByBoth(mine, theirs);
  };
  return { value, set, edits: editsTo(value), editsTo, pointer, moveTo };
}
