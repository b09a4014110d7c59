import { readFileSync } from 'node:fs';

const parent = process.ppid;

/** The parent of a process (proc(5): the second field behind the last `)`), or undefined. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

// npm starts scripts in a shell, which outlives it.
const grandparent = process.env.npm_lifecycle_event === undefined ? undefined : parentOf(parent);

/**
 * Calls `gone` once when whoever started us has died. A process whose parent is init or a reaper from the
 * first is nobody's.
 */
export function whenStarterIsGone(gone) {
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent)) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
}
