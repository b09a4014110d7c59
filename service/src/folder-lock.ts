import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { isAlive } from './is-alive.ts';

/** Releases the folder. Does nothing the second time. */
export type ReleaseFolder = () => void;

const held = new Set<string>();

interface ProcessTrace {
  /** What tells a process from a later one with the same number: the boot it runs in and its start tick. */
  readonly birth: string;
  /** It has ended; whoever started it has not asked how. It holds nothing any more. */
  readonly ended: boolean;
}

/** What /proc says of a process (proc(5), `stat`); `null` where there is no /proc, or no such process. */
function traceOf(pid: number): ProcessTrace | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The command name before the last `)` may hold anything; `state` is field 3, the start tick field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { birth: `${boot}/${fields[19] ?? ''}`, ended: 'ZXx'.includes(fields[0] ?? '') };
  } catch {
    return null;
  }
}

/** Whether a file was written since this machine started. */
function isOfThisBoot(path: string): boolean {
  try {
    return statSync(path).mtimeMs > Date.now() - uptime() * 1000;
  } catch {
    return false;
  }
}

/**
 * The process that wrote the lock, if it still runs. An unreadable lock is nobody’s. A number alone proves
 * nothing, because it may be a stranger’s by now: where there is /proc the birth must be the same; elsewhere
 * the lock must at least be of this boot.
 */
function holderOf(path: string, text: string): number | undefined {
  const [number = '', birth = ''] = text.trim().split(' ');
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (traceOf(process.pid) === null) return isOfThisBoot(path) ? pid : undefined;
  const trace = traceOf(pid);
  return trace && !trace.ended && trace.birth === birth ? pid : undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function refuse(folder: string, cause: unknown, details: Record<string, string | number> = {}): never {
  throw new WatchpostError('config.data_folder', { path: folder, details, cause });
}

/**
 * Makes a folder for its owner only, with those above it. One level after the other: Node’s own recursive way
 * never ends below folders that refuse to have children, as in /proc, and says ENOENT where a disk is
 * read-only. Errors of the file system pass through.
 */
export function makeFolders(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (!found && dirname(path) !== path) makeFolders(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/**
 * Makes the lock with its content at once: a lock that is still empty would look like nobody’s. Throws EEXIST
 * when there is one.
 */
function putInPlace(path: string, content: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // File systems without hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error;
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Moves a lock that nobody holds out of the way. Whoever else takes it over at this moment must lose exactly
 * one of us.
 */
function takeAway(path: string, found: string): void {
  const aside = `${path}.${process.pid}`;
  renameSync(path, aside);
  if (read(aside) !== found) renameSync(aside, path);
  else rmSync(aside);
}

/**
 * Takes away what processes left that were killed while they took the lock. What stays is untidy, no more.
 */
function sweep(folder: string): void {
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = /^in-use\.lock\.(\d+)(?:\.new)?$/.exec(name)?.[1];
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid)))
      rmSync(join(folder, name), { force: true });
  }
}

/** In the folder that it locks: the process that uses it. */
const lockName = 'in-use.lock';

/**
 * Takes a folder for this process, making it when needed. A lock that a dead process left behind, or that
 * carries the number of one that now belongs to another, is taken over.
 * @throws WatchpostError `config.data_folder` when another process (or another part of this one) uses it, or
 *   it cannot be written.
 */
export function lockFolder(folder: string): ReleaseFolder {
  const path = join(folder, lockName);
  if (held.has(path)) refuse(folder, undefined, { process: process.pid });
  const mine = `${process.pid} ${traceOf(process.pid)?.birth ?? ''}\n`;
  try {
    makeFolders(folder);
    for (let attempt = 0; ; attempt++) {
      try {
        putInPlace(path, mine);
        break;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code !== 'EEXIST' || attempt > 2) throw error;
        const found = read(path);
        const holder = holderOf(path, found);
        if (holder !== undefined) refuse(folder, undefined, { process: holder });
        takeAway(path, found);
      }
    }
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    refuse(folder, error);
  }
  held.add(path);
  sweep(folder);
  return () => {
    if (held.delete(path) && read(path) === mine) rmSync(path, { force: true });
  };
}
