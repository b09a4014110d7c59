import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledGallery, galleryFile } from '@watchpost/contracts/enrolment';
import type { ListEntryRecord } from '@watchpost/contracts/lists';
import type { EntryId } from '@watchpost/contracts/wire';
import { decodeGallery, dotAt, encodeGallery, Gallery } from '@watchpost/inference';
import { replaceFileSync } from '@watchpost/service';
import { destroyFile } from './kept/destroy.ts';
import type { SiteFolder } from './kept/site-folder.ts';
import { enrolmentPolicy } from './policy.ts';

/** Templates are single precision: turned and turned back they differ by rounding. */
const sameTemplate = 1 - 1e-5;

/**
 * Makes the gallery file of the entries of these records, in the format that gateways read, named by its
 * digest. Where the newest file holds the same already, that one stays. An entry without a template is left
 * out and named.
 * @param nowMs orders the files by age
 */
export function compileGallery(
  site: SiteFolder,
  records: readonly ListEntryRecord[],
  nowMs: number,
): CompiledGallery {
  const { gallery: keys } = site.keys;
  const gallery = new Gallery({ transformKey: keys.transformKey });
  const missing: EntryId[] = [];
  for (const record of records.toSorted((a, b) => (a.entry < b.entry ? -1 : 1))) {
    const template = site.entry(record.entry).template();
    if (!template) {
      missing.push(record.entry);
      continue;
    }
    const { entry, list, expires, area } = record;
    gallery.add({ entryId: entry, list, expiresAt: Date.parse(expires), areas: area, record }, template);
  }
  const files = galleriesOf(site);
  const [newest] = files;
  if (newest !== undefined && holds(join(site.path, newest), gallery, site)) {
    return { digest: newest.replace(/\.gallery$/, ''), missing };
  }
  const bytes = encodeGallery(gallery, keys);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const path = join(site.path, galleryFile(digest));
  replaceFileSync(path, bytes);
  utimesSync(path, nowMs / 1000, nowMs / 1000);
  for (const old of files.slice(enrolmentPolicy.galleriesKept - 1)) destroyFile(join(site.path, old));
  return { digest, missing };
}

/** Names of the gallery files, the newest first. */
function galleriesOf({ path }: SiteFolder): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => /^[0-9a-f]{64}\.gallery$/.test(name))
    .map((name) => ({ name, at: statSync(join(path, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
    .map(({ name }) => name);
}

function holds(path: string, wanted: Gallery, site: SiteFolder): boolean {
  let found: Gallery;
  try {
    found = decodeGallery(readFileSync(path), site.keys.gallery);
  } catch {
    return false;
  }
  const entries = wanted.entries();
  const before = new Map(found.entries().map((entry) => [entry.entryId, JSON.stringify(entry)]));
  return (
    entries.length === before.size &&
    entries.every((entry) => {
      const [a, b] = [wanted.transformed(entry.entryId), found.transformed(entry.entryId)];
      return before.get(entry.entryId) === JSON.stringify(entry) && a && b && dotAt(a, 0, b) >= sameTemplate;
    })
  );
}
