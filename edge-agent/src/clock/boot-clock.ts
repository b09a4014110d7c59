import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * A clock that nobody can set: milliseconds since the machine started, the same for every process of one
 * boot.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

let known: string | undefined;

/** Names this boot of the machine, so that {@link monotonicMs} of another one is not compared with it. */
export function bootId(): string {
  known ??= readBootId();
  return known;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Not Linux: only this process counts as one boot.
    return randomUUID();
  }
}
