import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What root makes in a folder of somebody else belongs to that person, as what they make there themselves:
 * a service that runs as a user of its own goes on reading its files after an administrator changed one.
 * Does nothing for anybody but root, and nothing in root’s own folders.
 * @param path of a file or folder that was made just now
 */
export function leaveToFolderOwner(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid === 0) return;
  try {
    chownSync(path, uid, gid);
  } catch {
    // File systems that know no owners, or let root decide nothing: it is as readable as all there.
  }
}
