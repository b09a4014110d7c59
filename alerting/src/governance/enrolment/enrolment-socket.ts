import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  compiledGallerySchema,
  type EnrolmentRequest,
  enrolmentLimits,
  enrolmentResultSchema,
  examinationSchema,
  type Rekeyed,
  rekeyedSchema,
} from '@watchpost/contracts/enrolment';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import type { ListEntryRecord } from '@watchpost/contracts/lists';
import type { EntryId, SiteId } from '@watchpost/contracts/wire';
import { exchangeLocally, nodeFlags, type Parcel } from '@watchpost/service';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Enroller, Enrolment, PhotoExamination } from '../enroller.ts';
import { enrolmentProcessPolicy } from './policy.ts';

/** How the enrolment is started and reached. */
export interface EnrolmentSocketOptions {
  /** File that runs it; undefined where an installation does not hold it. */
  readonly entry?: string | undefined;
  /** Where it keeps everything. */
  readonly folder: string;
  /** The socket file at which it answers. */
  readonly socket: string;
  /** It ends after so long without a request, milliseconds; without a number it decides itself. */
  readonly idleMs?: number;
}

/**
 * The enrolment in a process of its own, over its socket: started with the first request and again whenever
 * it has ended, because nobody asked for a while or because it crashed. A request that was in work then is
 * answered with `enrolment.interrupted`, and nothing of it was kept.
 */
export class EnrolmentSocket implements Enroller {
  readonly #options: EnrolmentSocketOptions;
  readonly #logger: Logger;
  #child: ChildProcess | undefined;
  #starting: Promise<void> | undefined;
  #stopped = false;

  constructor(options: EnrolmentSocketOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  async examine(site: SiteId, photo: Uint8Array): Promise<PhotoExamination> {
    const found = await this.#ask(examinationSchema, { ask: 'examine', site }, [photo]);
    return found.usable ? found : { ...found, code: knownCode(found.code) };
  }

  async enrol(site: SiteId, entry: EntryId, photos: readonly Uint8Array[]): Promise<Enrolment> {
    const made = await this.#ask(enrolmentResultSchema, { ask: 'enrol', site, entry }, photos);
    return { ...made, refused: made.refused.map(({ index, code }) => ({ index, code: knownCode(code) })) };
  }

  async photo(site: SiteId, entry: EntryId, index: number): Promise<Uint8Array> {
    try {
      const { attachments } = await this.#exchange({ ask: 'photo', site, entry, index }, []);
      return attachments[0] ?? new Uint8Array();
    } catch (error) {
      if (error instanceof WatchpostError && error.code === 'enrolment.entry_unknown')
        throw new WatchpostError('api.not_found', { cause: error });
      throw error;
    }
  }

  async remove(site: SiteId, entry: EntryId): Promise<void> {
    await this.#exchange({ ask: 'remove', site, entry }, []);
  }

  async compile(site: SiteId, records: readonly ListEntryRecord[]): Promise<{ readonly digest: string }> {
    const request: EnrolmentRequest = { ask: 'compile', site, records: [...records] };
    const { digest } = await this.#ask(compiledGallerySchema, request, []);
    return { digest };
  }

  /**
   * New gallery keys for a site: what a gateway that was lost still holds opens nothing that is made from now
   * on. `compile` afterwards.
   */
  rekey(site: SiteId): Promise<Rekeyed> {
    return this.#ask(rekeyedSchema, { ask: 'rekey', site }, []);
  }

  /** Ends the process; what it works on ends first, or is cut off after a while. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#starting?.catch(() => undefined);
    this.#child?.kill('SIGTERM');
    await this.#gone();
  }

  async #ask<T>(schema: z.ZodType<T>, request: EnrolmentRequest, photos: readonly Uint8Array[]): Promise<T> {
    const { value } = await this.#exchange(request, photos);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new WatchpostError('enrolment.request', { details: { answer: request.ask } });
  }

  async #exchange(value: EnrolmentRequest, attachments: readonly Uint8Array[]): Promise<Parcel> {
    // It may end for want of work just when it is asked: then it is started once more.
    for (let attempt = 0; attempt < enrolmentProcessPolicy.attempts; attempt++) {
      await this.#started();
      try {
        const answer = await exchangeLocally(this.#options.socket, { value, attachments }, limits);
        if (answer) return answer;
        await this.#gone();
      } catch (error) {
        if (!(error instanceof WatchpostError) || error.code !== 'local.no_answer') throw error;
        // Who asks after this one must not find the process that is just dying.
        await this.#hasEnded();
        throw new WatchpostError('enrolment.interrupted', { cause: error });
      }
    }
    throw new WatchpostError('enrolment.away');
  }

  /** Waits until a process that cut a connection has ended, but not for long: it may only be slow. */
  async #hasEnded(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const exited = once(child, 'exit').catch(() => undefined);
    await Promise.race([exited, delay(enrolmentProcessPolicy.dyingMs, undefined, { ref: false })]);
  }

  /** Waits until a process that answers no more has ended. */
  async #gone(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => child.kill('SIGKILL'), enrolmentProcessPolicy.stopMs);
      child.once('exit', () => {
        clearTimeout(cut);
        resolve();
      });
    });
  }

  #started(): Promise<void> {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null && this.#starting)
      return this.#starting;
    this.#starting = this.#start();
    return this.#starting;
  }

  #start(): Promise<void> {
    const { entry, folder, socket, idleMs } = this.#options;
    if (this.#stopped) return Promise.reject(new WatchpostError('enrolment.away'));
    if (entry === undefined) return Promise.reject(new WatchpostError('enrolment.not_installed'));
    return new Promise((resolve, reject) => {
      const child = fork(entry, ['-'], {
        execArgv: [...enrolmentProcessPolicy.nodeOptions, ...nodeFlags],
        stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
        env: environment(),
      });
      this.#child = child;
      const away = (details: Readonly<Record<string, string | number>>): void => {
        clearTimeout(overdue);
        reject(new WatchpostError('enrolment.away', { details }));
      };
      // Its end tells the story; the next one is not started before.
      const overdue = setTimeout(() => child.kill('SIGKILL'), enrolmentProcessPolicy.readyMs);
      child.once('message', (message: { readonly ready: boolean; readonly code?: string }) => {
        if (!message.ready) return away({ code: message.code ?? 'api.internal' });
        clearTimeout(overdue);
        resolve();
      });
      child.once('error', () => away({}));
      child.once('exit', (code, signal) => {
        if (this.#child === child) this.#child = undefined;
        if (code !== 0 && !this.#stopped) this.#logger.warn({ code, signal }, 'the enrolment ended');
        away({ exit: signal ?? code ?? 0 });
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(JSON.stringify({ folder, socket, ...(idleMs === undefined ? {} : { idleMs }) }));
    });
  }
}

const limits = {
  valueBytes: enrolmentLimits.messageBytes,
  attachedBytes: enrolmentLimits.requestBytes,
  attachments: 1,
  arrivalMs: enrolmentProcessPolicy.answerMs,
  connections: 0,
} as const;

const knownCode = (code: string): ErrorCode =>
  code in errorRegistry ? (code as ErrorCode) : 'enrolment.photo_damaged';

/** No variable of ours but these: there are secrets among them, and photos come from strangers. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TZ', 'LANG', 'WATCHPOST_LOG_LEVEL'] as const;
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    ORT_DISABLE_TELEMETRY: '1',
    MALLOC_ARENA_MAX: '1',
  };
}
