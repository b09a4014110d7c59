import { createHash } from 'node:crypto';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { AnnouncementOf } from '@watchpost/contracts/wire';
import { backoffMs } from '@watchpost/service';
import type { Logger } from 'pino';
import { toldPolicy } from '../policy.ts';
import type { KeptDocumentFile } from './kept-document.ts';
import { invalid } from './verify-announcement.ts';

export interface AnnouncedDocumentOptions<K extends 'site' | 'permit'> {
  readonly kind: K;
  readonly file: Pick<KeptDocumentFile, 'read' | 'write'>;
  /**
   * @throws WatchpostError for an announcement that this gateway must not follow; `/kid` for an unknown key
   */
  readonly verify: (payload: Uint8Array) => AnnouncementOf<K>;
  /** Learns the server’s keys anew; whether they are others now. */
  readonly learnKeys: () => Promise<boolean>;
  /** @throws WatchpostError `edge.part_unreachable` */
  readonly fetch: (announcement: AnnouncementOf<K>) => Promise<Buffer>;
  /**
   * Puts a document into force.
   * @throws WatchpostError for one that cannot be
   */
  readonly take: (document: unknown, announcement: AnnouncementOf<K>) => void | Promise<void>;
  /** What {@link AnnouncedDocument.version} or {@link AnnouncedDocument.error} says has changed. */
  readonly onChange: () => void;
  readonly onUnwritable: (error: unknown) => void;
  readonly log: Logger;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

interface InForce<K extends 'site' | 'permit'> {
  readonly announcement: AnnouncementOf<K>;
  readonly text: string;
}

/**
 * One document of the gateway, at the version that the server announces: fetches it, checks it against
 * the announcement, puts it into force and keeps it for the next start. It only ever gets newer. What fails
 * is tried again for ever, with growing pauses; meanwhile what is in force stays.
 */
export class AnnouncedDocument<K extends 'site' | 'permit'> {
  readonly #options: AnnouncedDocumentOptions<K>;
  #inForce: InForce<K> | null = null;
  #wanted: Buffer | null = null;
  #error: ErrorCode | undefined;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #pursuit: Promise<void> | null = null;
  #repeat: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: AnnouncedDocumentOptions<K>) {
    this.#options = options;
  }

  /** The version in force; null before the first. */
  get version(): number | null {
    return this.#inForce?.announcement.version ?? null;
  }

  /** Why what was announced is not in force; one failure alone says nothing. */
  get error(): ErrorCode | undefined {
    return this.#error;
  }

  /** Takes up what was kept. A file that is damaged or of another gateway is as if there were none. */
  async restore(): Promise<void> {
    const { file, verify, log, kind } = this.#options;
    try {
      const kept = file.read();
      if (!kept) return;
      const announcement = verify(Buffer.from(JSON.stringify(kept.announcement)));
      await this.#putIntoForce(announcement, Buffer.from(kept.document));
      log.info({ kind, version: announcement.version }, 'kept document in force');
    } catch (error) {
      log.error({ err: error, kind }, 'kept document cannot be used');
    }
  }

  /** The server announces a document: it is pursued until it is in force, or another one is announced. */
  announced(payload: Uint8Array): void {
    this.#wanted = Buffer.from(payload);
    clearTimeout(this.#retry);
    this.#pursue();
  }

  /** Puts into force again what is in force: what it depends on has changed. What fails is logged. */
  again(): void {
    const after = this.#pursuit ?? Promise.resolve();
    this.#repeat = this.#repeat.then(async () => {
      await after;
      const { take, log, kind } = this.#options;
      if (!this.#inForce || this.#isStopped) return;
      const { text, announcement } = this.#inForce;
      try {
        await take(JSON.parse(text), announcement);
      } catch (error) {
        log.error({ err: error, kind }, 'document not put into force again');
      }
    });
  }

  /** Settles when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    await this.#pursuit;
    await this.#repeat;
  }

  #pursue(): void {
    if (this.#pursuit || this.#isStopped) return;
    this.#pursuit = this.#pursueAll().finally(() => {
      this.#pursuit = null;
    });
  }

  async #pursueAll(): Promise<void> {
    while (this.#wanted && !this.#isStopped) {
      const wanted = this.#wanted;
      try {
        await this.#follow(wanted);
        if (this.#wanted === wanted) this.#wanted = null;
        this.#failures = 0;
        this.#say(undefined);
      } catch (error) {
        const retryInMs = this.#failed(error);
        // A newer one was announced meanwhile: it is tried at once, and what failed counts all the same.
        if (this.#wanted !== wanted) continue;
        if (!this.#isStopped) this.#retry = setTimeout(() => this.#pursue(), retryInMs);
        return;
      }
    }
  }

  async #follow(payload: Buffer): Promise<void> {
    const { fetch, file, onUnwritable, log, kind } = this.#options;
    const announcement = await this.#verified(payload);
    const { version, digest } = announcement;
    const inForce = this.#inForce;
    if (inForce && version < inForce.announcement.version) throw invalid('version');
    if (inForce && version === inForce.announcement.version) return;
    const isSame = inForce?.announcement.digest === digest;
    const bytes = isSame ? Buffer.from(inForce.text) : await fetch(announcement);
    await this.#putIntoForce(announcement, bytes);
    const text = bytes.toString('utf8');
    try {
      file.write({ announcement: JSON.parse(payload.toString('utf8')), document: text });
    } catch (error) {
      // In force all the same; the next start asks the door.
      onUnwritable(error);
    }
    log[isSame ? 'debug' : 'info']({ kind, version }, 'document in force');
  }

  async #verified(payload: Buffer): Promise<AnnouncementOf<K>> {
    const { verify, learnKeys } = this.#options;
    try {
      return verify(payload);
    } catch (error) {
      const isUnknownKey = error instanceof WatchpostError && error.path === '/kid';
      if (!isUnknownKey || !(await learnKeys())) throw error;
      return verify(payload);
    }
  }

  async #putIntoForce(announcement: AnnouncementOf<K>, bytes: Buffer): Promise<void> {
    const found = createHash('sha256').update(bytes).digest('hex');
    if (bytes.byteLength !== announcement.size || found !== announcement.digest) throw invalid('digest');
    const text = bytes.toString('utf8');
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      throw invalid('document');
    }
    await this.#options.take(document, announcement);
    this.#inForce = { announcement, text };
    this.#options.onChange();
  }

  /** @returns the pause before the next try, milliseconds */
  #failed(error: unknown): number {
    const { log, kind, retry = toldPolicy.retry } = this.#options;
    const code = error instanceof WatchpostError ? error.code : 'edge.part_invalid';
    const retryInMs = backoffMs(this.#failures++, retry.firstMs, retry.maxMs, Math.random());
    log.warn({ err: error, code, kind, retryInMs }, 'announced document is not in force');
    // A server that just put another version in place is no error yet.
    if (this.#failures > 1) this.#say(code);
    return retryInMs;
  }

  #say(error: ErrorCode | undefined): void {
    if (error === this.#error) return;
    this.#error = error;
    this.#options.onChange();
  }
}
