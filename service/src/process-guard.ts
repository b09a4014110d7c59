import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { serviceLimits } from './policy.ts';

/**
 * Flags of every Node process of ours. SIGUSR1 would open the inspector on loopback, where anybody on the
 * machine can run code in the process and read its memory.
 */
export const nodeFlags: readonly string[] = ['--disable-warning=ExperimentalWarning', '--disable-sigusr1'];

/**
 * Whether a crash would write the memory of this process to disk: pictures, keys, passwords. `undefined`
 * where /proc cannot tell.
 */
function dumpsCore(): boolean | undefined {
  try {
    const [, soft] = /^Max core file size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : soft !== '0';
  } catch {
    return undefined;
  }
}

/**
 * Sets the limit of core files of this process to 0, which its children inherit. False when it is not 0
 * afterwards.
 */
export function forbidCoreDumps(): boolean {
  // Where there is no /proc (macOS, Windows) core files are off by default.
  if (!dumpsCore()) return true;
  try {
    spawnSync('prlimit', ['--pid', String(process.pid), '--core=0:0'], {
      stdio: 'ignore',
      timeout: serviceLimits.coreLimitMs,
    });
  } catch {
    // A process that may start no others (Node's permission model); its launcher has set the limit, or the
    // next line tells.
  }
  return !dumpsCore();
}

/**
 * What a process does for itself, because it may have been started by hand without {@link nodeFlags} and
 * without our launcher: no core files, no inspector on SIGUSR1. Says so when a crash could write memory to
 * disk.
 */
export function guardProcess(logger: Logger): void {
  // A listener takes the place of Node’s own, which opens the inspector.
  process.on('SIGUSR1', () => undefined);
  if (!forbidCoreDumps())
    logger.warn('a crash would write memory to disk: set the limit of core files to 0 (ulimit -c 0)');
}
