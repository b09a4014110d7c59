import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts';

/** Releases the folder. Does nothing the second time. */
export type ReleaseFolder = () => void;

const held = new Set<string>();

/**
 * What tells a process from a later one with the same number: the boot it runs in and its start tick
 * (proc(5), `stat` field 22). `null` where there is no /proc; then only the number counts.
 */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The command name before the last `)` may hold anything; `state` is field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether the process that wrote the lock still runs. An unreadable lock is nobody's. */
function holderOf(text: string): number | undefined {
  const [number = '', birth = ''] = text.trim().split(' ');
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  const now = birthOf(pid);
  return birth === '' || now === null || now === birth ? pid : undefined;
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
 * Takes a data folder for this process, making it when needed. A lock that a dead process left behind is taken over.
 * @throws WatchpostError `config.data_folder` when another process (or another part of this one) uses it, or it cannot
 * be written.
 */
export function lockFolder(folder: string): ReleaseFolder {
  const path = join(folder, 'store.lock');
  if (held.has(path)) refuse(folder, undefined, { process: process.pid });
  const mine = `${process.pid} ${birthOf(process.pid) ?? ''}\n`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let attempt = 0; ; attempt++) {
      try {
        writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
        break;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code !== 'EEXIST' || attempt > 2) throw error;
        const found = read(path);
        const holder = holderOf(found);
        if (holder !== undefined) refuse(folder, undefined, { process: holder });
        // Move it aside rather than delete it: whoever else takes it over at this moment must lose exactly one of us.
        const aside = `${path}.${process.pid}`;
        renameSync(path, aside);
        if (read(aside) !== found) renameSync(aside, path);
        else rmSync(aside);
      }
    }
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    refuse(folder, error);
  }
  held.add(path);
  return () => {
    if (held.delete(path) && read(path) === mine) rmSync(path, { force: true });
  };
}
