import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Overwrites a file and removes it. On flash memory and copying file systems old blocks may outlive that:
 * what makes an erasure sure is that the file was encrypted, and that its key is gone.
 */
export function destroyFile(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    writeSync(file, randomBytes(Math.max(1, statSync(path).size)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path);
}

/** Destroys all files of a folder and below, those named first before the others, and the folder. */
export function destroyFolder(folder: string, first: readonly string[] = []): void {
  if (!existsSync(folder)) return;
  for (const name of first) destroyFile(join(folder, name));
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name);
    if (item.isDirectory()) destroyFolder(path, first);
    else destroyFile(path);
  }
  rmSync(folder, { recursive: true });
}
