import { readFile, stat } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type PermitContent, permitContentSchema } from '@watchpost/contracts/lists';
import { parseWith, wireLimits } from '@watchpost/contracts/wire';
import { replaceFile } from '@watchpost/service';
import type { Logger } from 'pino';
import { fileFingerprint } from '../file-fingerprint.ts';

export interface PermitContentFileOptions {
  /** Written by alerting. */
  readonly path: string;
  /** Where the last good content is kept: a file that breaks while the door is away must widen nothing. */
  readonly keptPath: string;
  readonly log: Logger;
}

/**
 * Follows what the lists of a site say. A file that is broken or gone changes nothing: the last good content
 * stays, also over a restart.
 */
export class PermitContentFile {
  readonly #options: PermitContentFileOptions;
  #current: PermitContent | undefined;
  #seen: string | undefined;
  #isBroken = false;

  constructor(options: PermitContentFileOptions) {
    this.#options = options;
  }

  /** undefined while nobody ever said anything: nothing may be matched then. */
  get current(): PermitContent | undefined {
    return this.#current;
  }

  /** Whether the file as it is now cannot be used. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Looks for the first time: what was kept counts until the file says something. */
  async open(): Promise<void> {
    try {
      this.#current = await read(this.#options.keptPath);
    } catch {
      // None yet; a damaged one says nothing, and the file itself is there as a rule.
    }
    await this.look();
  }

  /** Looks whether the file says something else now. @returns whether the content is another one */
  async look(): Promise<boolean> {
    const { path, log } = this.#options;
    const seen = await fileFingerprint(path);
    if (seen === this.#seen) return false;
    this.#seen = seen;
    try {
      const content = await read(path);
      this.#isBroken = false;
      const isOther = JSON.stringify(content) !== JSON.stringify(this.#current);
      this.#current = content;
      if (isOther) await this.#keep(content);
      return isOther;
    } catch (error) {
      this.#isBroken = seen !== 'missing' || this.#current !== undefined;
      const { path: where } = error instanceof WatchpostError ? error : { path: undefined };
      if (this.#isBroken) log.error({ code: 'identity.permit_content', path: where }, 'lists not read');
      return false;
    }
  }

  async #keep(content: PermitContent): Promise<void> {
    const { keptPath, log } = this.#options;
    try {
      await replaceFile(keptPath, JSON.stringify(content));
    } catch (error) {
      log.error({ err: error }, 'content of permits not kept');
    }
  }
}

async function read(path: string): Promise<PermitContent> {
  const { size } = await stat(path);
  if (size > wireLimits.documentBytes) throw new Error('too large');
  return parseWith(permitContentSchema, JSON.parse(await readFile(path, 'utf8')));
}
