import { chmodSync, constants, copyFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies files by their paths from `source` to the same paths below `target`. Everybody may read the copies
 * and their owner may write them, whatever the rights in the checkout: who runs the program need not own it.
 */
export function copyFiles(source: string, target: string, paths: readonly string[]): void {
  const made = new Set<string>();
  for (const path of paths) {
    const [from, to] = [join(source, path), join(target, path)];
    const folder = dirname(to);
    if (!made.has(folder)) {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      made.add(folder);
    }
    // A file system that can shares the blocks.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    const mode = statSync(from).mode;
    const wanted = mode & 0o100 ? 0o755 : 0o644;
    if ((mode & 0o777) !== wanted) chmodSync(to, wanted);
  }
}
