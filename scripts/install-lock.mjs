import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// The folder lock of service/ cannot be loaded before the packages are there; this one holds two processes,
// because npm may outlive a command that was killed.

/**
 * A process as the lock remembers it: its number, and when it began, so that a later one with its number is
 * another.
 */
const remember = (pid) => ({ pid, birth: birthOf(pid) });

/**
 * proc(5), `stat`: the start tick (field 22) after the state (field 3); a zombie counts as gone. Empty where
 * there is no /proc.
 */
function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function lives({ pid, birth }) {
  if (birthOf(pid) !== birth) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Waits until no other command installs here, then holds the place.
 * @returns `release`, and `notes` with the number of the npm that works for us, so that who comes after a
 *   kill can end it first
 */
export async function takeInstallLock(folder, sayWaiting) {
  const owner = join(folder, 'owner.json');
  for (let said = false; ; ) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, JSON.stringify({ owner: remember(process.pid) }));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (await isLeft(folder, owner)) continue;
    if (!said) sayWaiting();
    said = true;
    await sleep(500);
  }
  return {
    notes: (pid) =>
      writeFileSync(owner, JSON.stringify({ owner: remember(process.pid), npm: remember(pid) })),
    release: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * Whether the lock was left by a killed command; if so it is gone afterwards, and with it the npm that went
 * on alone.
 */
async function isLeft(folder, owner) {
  const found = readOwner(owner);
  // One that has made the folder writes into it at once; empty for a second, it was killed between the two.
  if (!found) {
    await sleep(1000);
    if (readOwner(owner)) return false;
  } else if (lives(found.owner)) return false;
  else if (found.npm && lives(found.npm)) await endGroup(found.npm);
  const aside = `${folder}.${process.pid}`;
  try {
    renameSync(folder, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return true;
}

function readOwner(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Ends a process with its group; after two seconds not by asking. */
export async function endGroup(leader) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try {
      process.kill(process.platform === 'win32' ? leader.pid : -leader.pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < 2000 && lives(leader); waited += 100) await sleep(100);
    if (!lives(leader)) return;
  }
}

export { remember };
