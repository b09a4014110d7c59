import { WatchpostError } from '@watchpost/contracts/errors';
import { listEntryRecordSchema } from '@watchpost/contracts/lists';
import { z } from 'zod';
import type { GalleryEntry, GalleryKeys } from './entry.ts';
import { Gallery } from './gallery.ts';
import { fromLittleEndian, littleEndian } from './protect-template.ts';
import { seal, unseal } from './sealed-box.ts';

const magic = 'WPG1';

const header = z.strictObject({
  dimension: z.int().min(2).max(4096),
  fingerprint: z.string(),
  entries: z.array(
    z.strictObject({
      entryId: z.string().min(1),
      list: z.enum(['watch', 'access']),
      label: z.string().optional(),
      expiresAt: z.number(),
      areas: z.array(z.string()).optional(),
      record: listEntryRecordSchema.optional(),
    }),
  ),
});

/**
 * Bytes for a file: `WPG1` ‖ AES-256-GCM of (header length, header JSON, transformed templates). Labels are
 * encrypted too.
 * @throws WatchpostError `inference.template_invalid` when the gallery was not made with `keys.transformKey`
 */
export function encodeGallery(gallery: Gallery, keys: GalleryKeys): Uint8Array {
  const expected = new Gallery({ dimension: gallery.dimension, transformKey: keys.transformKey })
    .transformFingerprint;
  if (gallery.transformFingerprint !== expected) {
    throw new WatchpostError('inference.template_invalid', {
      details: { expected: 'a gallery made with this transform key' },
    });
  }
  const entries = gallery.entries();
  const json = Buffer.from(JSON.stringify({ dimension: gallery.dimension, fingerprint: expected, entries }));
  const rows = new Float32Array(entries.length * gallery.dimension);
  for (const [i, { entryId }] of entries.entries())
    rows.set(gallery.transformed(entryId) ?? [], i * gallery.dimension);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const plain = Buffer.concat([length, json, littleEndian(rows)]);
  return Buffer.concat([Buffer.from(magic), seal(plain, keys.deploymentKey, 'gallery', magic)]);
}

/** @throws WatchpostError `inference.template_invalid` when the bytes are damaged or a key is another one */
export function decodeGallery(bytes: Uint8Array, keys: GalleryKeys): Gallery {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== magic) throw invalid('the magic WPG1');
  const plain = Buffer.from(unseal(bytes.subarray(4), keys.deploymentKey, 'gallery', magic));
  const { dimension, fingerprint, entries, rows } = parsePlain(plain);
  const gallery = new Gallery({ dimension, transformKey: keys.transformKey });
  if (gallery.transformFingerprint !== fingerprint) throw invalid('the transform key it was made with');
  for (const [i, entry] of entries.entries()) {
    gallery.addTransformed(entry, rows.subarray(i * dimension, (i + 1) * dimension));
  }
  return gallery;
}

function parsePlain(plain: Buffer) {
  if (plain.length < 4) throw invalid('a header');
  const end = 4 + plain.readUInt32LE(0);
  let json: unknown;
  try {
    json = JSON.parse(plain.subarray(4, end).toString('utf8'));
  } catch (cause) {
    throw new WatchpostError('inference.template_invalid', { cause });
  }
  const parsed = header.safeParse(json);
  if (!parsed.success) throw invalid('a header of this version');
  const { dimension, fingerprint } = parsed.data;
  const rows = fromLittleEndian(plain.subarray(end));
  const entries = parsed.data.entries.map(toEntry);
  if (rows.length !== entries.length * dimension) throw invalid('one template per entry');
  return { dimension, fingerprint, entries, rows };
}

function toEntry({ label, areas, record, ...rest }: z.infer<typeof header>['entries'][number]): GalleryEntry {
  return {
    ...rest,
    ...(label === undefined ? {} : { label }),
    ...(areas === undefined ? {} : { areas }),
    ...(record === undefined ? {} : { record }),
  };
}

const invalid = (expected: string) =>
  new WatchpostError('inference.template_invalid', { details: { expected } });
