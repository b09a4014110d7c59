import { randomUUID } from 'node:crypto';
import { type ReplayAnswer, replayRequestSchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith, siteIdSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { SiteOptions } from '../config.ts';
import { replayedSite } from '../site-context.ts';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import { replayPolicy } from './policy.ts';
import { replayEvents } from './replay-events.ts';
import type { Replays } from './replays.ts';
import { requestOf } from './request-of.ts';

const startSchema = replayRequestSchema.extend({
  command: z.literal('replay'),
  site: siteIdSchema,
  /** Id of `rules`, where they are a file’s. */
  id: z.string().max(32).optional(),
});
const waitSchema = z.strictObject({ command: z.literal('replay'), job: z.uuid() });

/** What `watchpost replay` asks of who has the database: that one begins, and then what became of it. */
export const replayCommandSchema = z.union([startSchema, waitSchema]);
export type ReplayCommand = z.input<typeof startSchema>;

/** What comes back: ask again with `job` while there is no answer. */
export interface ReplayStep {
  readonly job?: string;
  readonly answer?: ReplayAnswer;
}

/** Whether a local request is about a replay. */
export const isReplayCommand = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && 'command' in request && request.command === 'replay';

interface Job {
  readonly answer: Promise<ReplayAnswer>;
  readonly ending: AbortController;
  /** Nobody waits any more. */
  forgotten: NodeJS.Timeout;
}

/** Replays for commands, which take longer than an answer may: each question waits a while for the end. */
export class ReplayJobs {
  readonly #replays: Replays;
  readonly #jobs = new Map<string, Job>();

  constructor(replays: Replays) {
    this.#replays = replays;
  }

  /** @throws WatchpostError `replay.*`, `api.invalid`, `api.not_found` */
  async answer(request: unknown): Promise<ReplayStep> {
    const order = parseWith(replayCommandSchema, request, 'api.invalid');
    const job = 'job' in order ? order.job : this.#begin(order);
    return this.#await(job);
  }

  stop(): void {
    for (const [job, { ending, forgotten }] of this.#jobs) {
      clearTimeout(forgotten);
      ending.abort();
      this.#jobs.delete(job);
    }
  }

  #begin({ site, id, ...request }: z.output<typeof startSchema>): string {
    const ending = new AbortController();
    const asked = requestOf(request, this.#replays.site(site), id);
    const answer = this.#replays.run(site, asked, ending.signal);
    answer.catch(() => undefined);
    const job = randomUUID();
    this.#jobs.set(job, { answer, ending, forgotten: this.#forgetLater(job) });
    return job;
  }

  async #await(job: string): Promise<ReplayStep> {
    const found = this.#jobs.get(job);
    if (!found) throw new WatchpostError('api.not_found', { path: '/job' });
    clearTimeout(found.forgotten);
    found.forgotten = this.#forgetLater(job);
    let timer: NodeJS.Timeout | undefined;
    const later = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), replayPolicy.answerWithinMs);
    });
    try {
      const answer = await Promise.race([found.answer, later]);
      if (!answer) return { job };
      this.#forget(job);
      return { answer };
    } catch (error) {
      this.#forget(job);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #forgetLater(job: string): NodeJS.Timeout {
    return setTimeout(() => this.#forget(job), replayPolicy.forgottenAfterMs);
  }

  #forget(job: string): void {
    const found = this.#jobs.get(job);
    clearTimeout(found?.forgotten);
    found?.ending.abort();
    this.#jobs.delete(job);
  }
}

/**
 * Carries one out on a database that nobody else has open.
 * @throws WatchpostError as `replayEvents`, `config.data_folder`, `store.*`
 */
export async function onReplayStore(
  options: StoreOptions,
  around: { readonly logger: Logger },
  site: SiteOptions,
  request: unknown,
): Promise<ReplayAnswer> {
  const { id, site: _, command: __, ...asked } = parseWith(startSchema, request, 'api.invalid');
  const store = await openStore(options, around.logger);
  try {
    const replayed = replayedSite(site);
    return await replayEvents(store.db, replayed, requestOf(asked, replayed, id));
  } finally {
    await store.close();
  }
}
