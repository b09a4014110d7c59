import { readFileSync } from 'node:fs';
import { serviceLimits } from './policy.ts';

/** Set by the launcher for its child: whoever starts late would take the reaper of orphans for its parent. */
const told = Number(process.env.WATCHPOST_PARENT);
delete process.env.WATCHPOST_PARENT;
// A launcher that lives and did not start us itself meant one of our ancestors, from which the variable was
// inherited.
const parentAtStart = told > 0 && !isRunning(told) ? told : process.ppid;

/** Of /proc: the state of a process and its parent; `undefined` when it is gone or there is no /proc. */
function statOf(pid: number): readonly [state: string, parent: number] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): behind the last `)` come the state and the parent’s number.
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [state, Number(parent)];
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && !'ZXx'.includes(stat[0]);
}

function parentOf(pid: number): number | undefined {
  return statOf(pid)?.[1];
}

/** A package manager starts scripts in a shell, which outlives it. */
function grandparentToo(): number | undefined {
  return process.env.npm_lifecycle_event === undefined ? undefined : parentOf(parentAtStart);
}

/**
 * Calls `gone` once when the parent of this process is gone: its IPC channel closed, or it died. A process
 * that was started by none (init or a reaper is its parent from the first) goes on. The look at the parent
 * does not keep the process alive.
 */
export function endWithParent(gone: () => void, everyMs = serviceLimits.parentEveryMs): void {
  let told = false;
  const once = (): void => {
    if (told) return;
    told = true;
    clearInterval(timer);
    gone();
  };
  const grandparent = grandparentToo();
  const timer = setInterval(() => {
    if (process.ppid !== parentAtStart) once();
    else if (grandparent !== undefined && parentOf(parentAtStart) !== grandparent) once();
  }, everyMs);
  timer.unref();
  if (process.channel) process.once('disconnect', once);
}
