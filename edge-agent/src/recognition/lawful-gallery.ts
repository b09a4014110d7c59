import { WatchpostError } from '@watchpost/contracts/errors';
import { parseStoredListEntryRecord } from '@watchpost/contracts/lists';
import type { Gallery, GalleryEntry } from '@watchpost/inference';

/**
 * Refuses a gallery with an entry whose record is missing, is not lawful, or says something else than the
 * entry does: without legal basis, purpose, end and approvals nobody is matched (privacy rule 1).
 * @throws WatchpostError `watchlist.incomplete` with the path of the entry, never its label
 */
export function checkRecords(gallery: Pick<Gallery, 'entries'>): void {
  for (const entry of gallery.entries()) {
    const path = `/gallery/${entry.entryId}/record`;
    const record = parseStoredListEntryRecord(entry.record, path);
    const differing = differenceOf(entry, record);
    if (differing)
      throw new WatchpostError('watchlist.incomplete', {
        path: `${path}/${differing}`,
        details: { expected: 'what the entry says' },
      });
  }
}

function differenceOf(
  { entryId, list, expiresAt, areas }: GalleryEntry,
  record: ReturnType<typeof parseStoredListEntryRecord>,
): string | undefined {
  if (record.entry !== entryId) return 'entry';
  if (record.list !== list) return 'list';
  if (Date.parse(record.expires) < expiresAt) return 'expires';
  const allowed = new Set<string>(record.area);
  return areas?.every((zone) => allowed.has(zone)) ? undefined : 'area';
}
