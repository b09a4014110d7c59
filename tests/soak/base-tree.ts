import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The tree that this file is in. */
export const thisTree = fileURLToPath(new URL('../..', import.meta.url));

/** Lets `use` work with a tree of another commit, which is gone afterwards. */
export async function withTreeOf<T>(commit: string, use: (tree: string) => Promise<T>): Promise<T> {
  const place = mkdtempSync(join(tmpdir(), 'watchpost-base-'));
  const tree = join(place, 'base');
  const git = (...args: string[]) =>
    execFileSync('git', ['worktree', ...args], { cwd: thisTree, stdio: ['ignore', 2, 2] });
  git('add', '--detach', tree, commit);
  try {
    return await use(tree);
  } finally {
    git('remove', '--force', tree);
    rmSync(place, { recursive: true, force: true });
  }
}
