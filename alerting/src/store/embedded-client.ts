import { Worker } from 'node:worker_threads';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type ThreadAnswer,
  type ThreadData,
  type ThreadRequest,
  type ThreadResult,
  unpackError,
} from './embedded-protocol.ts';

type Waiting = PromiseWithResolvers<ThreadResult>;

/**
 * One thread with an open database. When it ends, everything that waits for it fails with
 * `store.unreachable`. One that leaves a request without an answer is ended: it is one long run that nothing
 * else can interrupt.
 */
export class EmbeddedThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opened = Promise.withResolvers<void>();
  readonly ended: Promise<Error>;
  #cause: Error | undefined;
  #hasEnded = false;
  #nextId = 0;

  private constructor(data: ThreadData) {
    this.#worker = new Worker(new URL('./embedded-thread.ts', import.meta.url), {
      workerData: data,
      execArgv: [],
    });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#take(answer));
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#worker.on('exit', (code) => {
      this.#hasEnded = true;
      const cause = this.#cause ?? new Error(`the thread of the embedded database ended with ${code}`);
      const error = new WatchpostError('store.unreachable', { cause });
      this.#opened.reject(error);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      resolve(cause);
    });
  }

  /** @throws Error when the database cannot be opened; the thread has ended then. */
  static async open(data: ThreadData): Promise<EmbeddedThread> {
    const thread = new EmbeddedThread(data);
    try {
      await thread.#opened.promise;
      return thread;
    } catch (error) {
      await thread.terminate();
      throw error;
    }
  }

  #take(answer: ThreadAnswer): void {
    if ('opened' in answer) {
      if (answer.opened) this.#opened.resolve();
      else this.#opened.reject(unpackError(answer.error));
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('result' in answer) waiting?.resolve(answer.result);
    else waiting?.reject(unpackError(answer.error));
  }

  /** @param withinMs how long the answer may take */
  ask(request: ThreadRequest, withinMs: number): Promise<ThreadResult> {
    if (this.#hasEnded) return Promise.reject(new WatchpostError('store.unreachable'));
    const id = this.#nextId++;
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, request });
    const deadline = setTimeout(() => {
      this.#cause ??= new Error(`the embedded database gave no answer for ${withinMs} ms`);
      void this.terminate();
    }, withinMs);
    return waiting.promise.finally(() => clearTimeout(deadline));
  }

  /** Ends the thread as it is; a database on disk recovers at its next opening. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
