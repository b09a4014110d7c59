import { readFile } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Authenticated } from '@watchpost/identity';
import { replaceSecretFile } from '@watchpost/service';
import { z } from 'zod';
import { ownersFilePolicy } from './policy.ts';

/** Written by us alone, so that only its form is checked. */
const fileSchema = z.object({
  version: z.literal(1),
  owners: z.array(z.object({ clientId: z.string(), client: z.custom<Authenticated>(isAuthenticated) })),
});

type Owners = z.infer<typeof fileSchema>['owners'];

function isAuthenticated(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('principal' in value) || !('credential' in value))
    return false;
  const { principal, credential } = value;
  return (
    typeof principal === 'object' &&
    principal !== null &&
    'kind' in principal &&
    typeof credential === 'object'
  );
}

export interface OwnersFileEvents {
  current(): Owners;
  /** The file could not be read or written; the broker goes on without it. */
  failed(error: WatchpostError): void;
}

/**
 * Keeps on disk whose a client id is, so that a restart of the broker does not give it to whoever comes
 * first. No secret is in it.
 */
export class OwnersFile {
  readonly #path: string;
  readonly #events: OwnersFileEvents;
  #due: NodeJS.Timeout | undefined;
  #wasRead = false;

  constructor(path: string, events: OwnersFileEvents) {
    this.#path = path;
    this.#events = events;
  }

  async read(): Promise<Owners> {
    this.#wasRead = true;
    try {
      return fileSchema.parse(JSON.parse(await readFile(this.#path, 'utf8'))).owners;
    } catch (cause) {
      const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
      if (!isMissing)
        this.#events.failed(new WatchpostError('config.data_folder', { path: '/ownersFile', cause }));
      return [];
    }
  }

  changed(): void {
    this.#due ??= setTimeout(() => this.write(), ownersFilePolicy.settleMs);
  }

  /** Nothing before it has been read: a start that fails must not empty it. */
  write(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    if (!this.#wasRead) return;
    try {
      replaceSecretFile(this.#path, `${JSON.stringify({ version: 1, owners: this.#events.current() })}\n`);
    } catch (error) {
      if (error instanceof WatchpostError) this.#events.failed(error);
      else throw error;
    }
  }
}
