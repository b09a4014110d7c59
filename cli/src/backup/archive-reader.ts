import { createHash } from 'node:crypto';
import { isDeepStrictEqual, promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { z } from 'zod';
import {
  type ArchiveEntry,
  type ArchiveManifest,
  type ArchivePreface,
  entryEndSchema,
  entrySchema,
  manifestSchema,
  partKinds,
  prefaceSchema,
} from './archive-format.ts';
import { backupPolicy } from './policy.ts';
import type { RecoveryKey } from './recovery-key.ts';
import { readSealedFile } from './sealed-file.ts';

const inflate = promisify(inflateRaw);

/** An entry while an archive is read; `chunks` must be read to their end before the next one comes. */
export interface EntryToRead {
  readonly entry: ArchiveEntry;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const partial = (cause?: unknown) => new WatchpostError('backup.partial', { cause });

/** @throws WatchpostError `backup.partial` */
function parsed<T>(schema: z.ZodType<T>, kind: keyof typeof partKinds, part: Buffer | undefined): T {
  if (part?.[0] !== partKinds[kind]) throw partial();
  try {
    return schema.parse(JSON.parse(part.subarray(1).toString('utf8')));
  } catch (cause) {
    throw partial(cause);
  }
}

/** Reads an archive from its beginning to its end. */
export class ArchiveReader {
  readonly #parts: AsyncGenerator<Buffer>;
  readonly #found: ArchiveManifest['entries'] = [];
  readonly preface: ArchivePreface;
  #manifest: ArchiveManifest | undefined;

  private constructor(parts: AsyncGenerator<Buffer>, preface: ArchivePreface) {
    this.#parts = parts;
    this.preface = preface;
  }

  /** @throws WatchpostError as `readSealedFile`; `backup.newer` where what it holds has a form of later */
  static async open(path: string, recovery: RecoveryKey): Promise<ArchiveReader> {
    const parts = readSealedFile(path, recovery);
    try {
      const first = await parts.next();
      return new ArchiveReader(parts, parsed(prefaceSchema, 'preface', first.done ? undefined : first.value));
    } catch (error) {
      await parts.return(undefined);
      throw error;
    }
  }

  /** All that the archive said it holds; known at its end. */
  get manifest(): ArchiveManifest {
    if (!this.#manifest) throw partial();
    return this.#manifest;
  }

  async close(): Promise<void> {
    await this.#parts.return(undefined);
  }

  async #next(): Promise<Buffer> {
    const next = await this.#parts.next();
    if (next.done) throw partial();
    return next.value;
  }

  /** @throws WatchpostError as `readSealedFile`, or `backup.partial` */
  async *entries(): AsyncGenerator<EntryToRead> {
    for (let part = await this.#next(); ; part = await this.#next()) {
      if (part[0] === partKinds.manifest) {
        this.#manifest = parsed(manifestSchema, 'manifest', part);
        if (!isDeepStrictEqual(this.#manifest.entries, this.#found)) throw partial();
        // The sealed file itself says whether this was its last part.
        if (!(await this.#parts.next()).done) throw partial();
        return;
      }
      const entry = parsed(entrySchema, 'entry', part);
      let isRead = false;
      const chunks = this.#chunksOf(entry, () => {
        isRead = true;
      });
      yield { entry, chunks };
      if (!isRead) for await (const _ of chunks);
    }
  }

  async *#chunksOf(entry: ArchiveEntry, done: () => void): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    let bytes = 0;
    for (let part = await this.#next(); ; part = await this.#next()) {
      if (part[0] !== partKinds.data) {
        const end = parsed(entryEndSchema, 'end', part);
        if (end.bytes !== bytes || end.sha256 !== hash.digest('hex')) throw partial();
        this.#found.push({ ...entry, ...end });
        done();
        return;
      }
      const chunk = await inflate(part.subarray(1), {
        maxOutputLength: backupPolicy.partBytes * 2,
      }).catch((cause: unknown) => {
        throw partial(cause);
      });
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
}

/** An archive that is whole. */
export interface VerifiedArchive {
  readonly preface: ArchivePreface;
  readonly manifest: ArchiveManifest;
  /** Of the entry that was asked for, when it is there. */
  readonly content: Buffer | undefined;
}

/**
 * Reads a whole archive without keeping anything of it, but what is asked for.
 * @param wanted name of an entry whose content is given
 * @throws WatchpostError as {@link ArchiveReader}
 */
export async function verifyArchive(
  path: string,
  recovery: RecoveryKey,
  wanted?: string,
): Promise<VerifiedArchive> {
  const reader = await ArchiveReader.open(path, recovery);
  try {
    let content: Buffer | undefined;
    for await (const { entry, chunks } of reader.entries())
      if (entry.name === wanted) content = Buffer.concat(await Array.fromAsync(chunks));
      else for await (const _ of chunks);
    return { preface: reader.preface, manifest: reader.manifest, content };
  } finally {
    await reader.close();
  }
}
