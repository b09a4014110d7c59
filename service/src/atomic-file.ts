import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { leaveToFolderOwner } from './folder-owner.ts';

const draftOf = (path: string): string => `${path}.${randomBytes(6).toString('hex')}`;

/**
 * Puts a file in place at once, also across a power cut, with its permissions from the first byte on: what is
 * at `path` is either the old file or the whole new one. See {@link leaveToFolderOwner} for what root writes.
 * @param mode permissions; for its owner only by default
 * @throws whatever the disk says; nothing is left behind then
 */
export function replaceFileSync(path: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = draftOf(path);
  try {
    const file = openSync(draft, 'wx', mode);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    leaveToFolderOwner(draft);
    renameSync(draft, path);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** {@link replaceFileSync}, beside the event loop. */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const draft = draftOf(path);
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    leaveToFolderOwner(draft);
    await rename(draft, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync();
    await folder.close();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
