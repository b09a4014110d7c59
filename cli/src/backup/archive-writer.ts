import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { WatchpostError } from '@watchpost/contracts/errors';
import { isAlive } from '@watchpost/service';
import {
  type ArchiveEntry,
  type ArchiveEntryEnd,
  type ArchiveManifest,
  type ArchivePreface,
  partKinds,
} from './archive-format.ts';
import type { WritingKey } from './archive-keys.ts';
import { backupPolicy } from './policy.ts';
import { isSealedFile, SealedWriter } from './sealed-file.ts';

const deflate = promisify(deflateRaw);

/** What an archive is filled through. */
export interface ArchiveSink {
  /**
   * Adds a file or the rows of a table.
   * @param rows how many there were, asked when all chunks have come
   */
  add(entry: ArchiveEntry, chunks: AsyncIterable<Uint8Array>, rows?: () => number): Promise<void>;
}

class ArchiveWriter implements ArchiveSink {
  readonly #sealed: SealedWriter;
  readonly #entries: ArchiveManifest['entries'] = [];

  constructor(sealed: SealedWriter) {
    this.#sealed = sealed;
  }

  #say(kind: keyof typeof partKinds, value: unknown, isLast = false): Promise<void> {
    const json = Buffer.from(JSON.stringify(value));
    return this.#sealed.write(Buffer.concat([Buffer.from([partKinds[kind]]), json]), isLast);
  }

  preface(preface: ArchivePreface): Promise<void> {
    return this.#say('preface', preface);
  }

  async add(entry: ArchiveEntry, chunks: AsyncIterable<Uint8Array>, rows?: () => number): Promise<void> {
    await this.#say('entry', entry);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of inParts(chunks, backupPolicy.partBytes)) {
      hash.update(part);
      bytes += part.length;
      const packed = await deflate(part, { level: backupPolicy.compression });
      await this.#sealed.write(Buffer.concat([Buffer.from([partKinds.data]), packed]));
    }
    const end: ArchiveEntryEnd = {
      bytes,
      sha256: hash.digest('hex'),
      ...(rows ? { rows: rows() } : {}),
    };
    await this.#say('end', end);
    this.#entries.push({ ...entry, ...end });
  }

  async finish(): Promise<ArchiveManifest> {
    const manifest = { entries: this.#entries };
    await this.#say('manifest', manifest, true);
    return manifest;
  }
}

/** Many small chunks as few parts; none is empty. */
async function* inParts(chunks: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += partBytes) {
      const piece = chunk.subarray(at, at + partBytes);
      waiting.push(piece);
      bytes += piece.length;
      if (bytes < partBytes) continue;
      yield Buffer.concat(waiting);
      waiting = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

/**
 * Writes an archive, readable by its owner only: at `path` is nothing (or the archive of before) until the
 * whole one takes its place, also when this process is killed or the power fails.
 * @param fill adds what belongs into it
 * @throws WatchpostError `backup.not_empty` where another file stands, `backup.no_room`; whatever `fill`
 *   throws. Nothing is left behind then.
 */
export async function writeArchive(
  path: string,
  key: WritingKey,
  preface: ArchivePreface,
  fill: (archive: ArchiveSink) => Promise<void>,
): Promise<ArchiveManifest> {
  await refuseOtherFile(path);
  await sweep(path);
  const draft = `${path}.${process.pid}.part`;
  let file: FileHandle | undefined;
  try {
    file = await open(draft, 'wx', 0o600);
    const writer = new ArchiveWriter(await SealedWriter.begin(file, key));
    await writer.preface(preface);
    await fill(writer);
    const manifest = await writer.finish();
    await file.sync();
    await file.close();
    await rename(draft, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync();
    await folder.close();
    return manifest;
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(draft, { force: true });
    if ((error as { code?: unknown }).code === 'ENOSPC')
      throw new WatchpostError('backup.no_room', { path, cause: error });
    throw error;
  }
}

/** A slip of the hand must not replace a file that is no archive. */
async function refuseOtherFile(path: string): Promise<void> {
  const isArchive = await isSealedFile(path).catch((error: { code?: unknown }) => {
    if (error.code === 'ENOENT') return true;
    throw new WatchpostError('backup.not_empty', { path, cause: error });
  });
  if (!isArchive) throw new WatchpostError('backup.not_empty', { path });
}

/** Takes away what processes left that were killed while they wrote the same archive. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const pid = /^\.(\d+)\.part$/.exec(name.slice(basename(path).length))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}
