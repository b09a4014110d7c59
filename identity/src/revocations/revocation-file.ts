import { readFile, stat } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith } from '@watchpost/contracts/wire';
import { replaceFile } from '@watchpost/service';
import { fileFingerprint } from '../file-fingerprint.ts';
import { revocationPolicy } from '../policy.ts';
import { type Revocation, Revocations, revocationFileSchema } from './revocations.ts';

/**
 * Reads a revocation file.
 * @throws WatchpostError `identity.revocations_damaged`
 */
export async function readRevocations(path: string): Promise<readonly Revocation[]> {
  try {
    const { size } = await stat(path);
    if (size > revocationPolicy.maxBytes) throw new Error('too large');
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return parseWith(revocationFileSchema, value, 'identity.revocations_damaged').entries;
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('identity.revocations_damaged', { path: '/revocationFile', cause });
  }
}

/** Replaces the file at once: whoever reads it sees the old list or the new one, also after a power cut. */
export async function writeRevocations(path: string, entries: readonly Revocation[]): Promise<void> {
  await replaceFile(path, `${JSON.stringify({ version: 1, entries }, null, 1)}\n`, 0o644);
}

export interface RevocationEvents {
  /** A new list is in force. */
  changed(entries: number): void;
  /** The file cannot be read; what was in force stays. Said once for each state of the file. */
  damaged(error: WatchpostError): void;
}

/** Follows a revocation file, so that what is written there holds within seconds. */
export class RevocationFile {
  readonly #path: string;
  readonly #events: RevocationEvents;
  readonly #pollMs: number;
  #current = new Revocations([]);
  #seen = '';
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;

  constructor(path: string, events: RevocationEvents, everyMs: number = revocationPolicy.pollMs) {
    this.#path = path;
    this.#events = events;
    this.#pollMs = everyMs;
  }

  get current(): Revocations {
    return this.#current;
  }

  /** @throws WatchpostError `identity.revocations_damaged`: without a list nothing starts. */
  async start(): Promise<void> {
    this.#seen = await fileFingerprint(this.#path);
    this.#current = new Revocations(await readRevocations(this.#path));
    this.#stopped = false;
    this.#next();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#timer = setTimeout(
      () => void this.#poll().finally(() => this.#stopped || this.#next()),
      this.#pollMs,
    );
  }

  async #poll(): Promise<void> {
    const seen = await fileFingerprint(this.#path);
    if (seen === this.#seen || this.#stopped) return;
    this.#seen = seen;
    try {
      this.#current = new Revocations(await readRevocations(this.#path));
      this.#events.changed(this.#current.size);
    } catch (error) {
      this.#events.damaged(
        error instanceof WatchpostError
          ? error
          : new WatchpostError('identity.revocations_damaged', { cause: error }),
      );
    }
  }
}
