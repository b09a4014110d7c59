import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import { erasureProgress, permitLimits } from '@watchpost/contracts/lists';
import type { EntryId, SiteId } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { insertRows } from '../store/json-rows.ts';
import {
  dueEntries,
  entriesIn,
  findEntry,
  noteRemoved,
  notRemoved,
  type StoredEntry,
  updateEntry,
} from '../store/list-store.ts';
import { refusedPasses } from '../store/pass-store.ts';
import type { Queryable } from '../store/schema.ts';
import { append } from './audit-log.ts';
import type { Enroller } from './enroller.ts';
import { toRecord } from './list-view.ts';
import { erased } from './lists.ts';
import type { PermitSource } from './permit-file.ts';
import { listsPolicy, type SiteListsPolicy } from './policy.ts';

/** What {@link ListReconciler} needs. */
export interface ListReconcilerOptions {
  readonly db: Queryable;
  readonly site: SiteId;
  readonly permits: PermitSource;
  readonly policy: Pick<SiteListsPolicy, 'eraseAfter'>;
  /** Undefined where this installation has no part that handles photos: then no gallery is made. */
  readonly enroller: Enroller | undefined;
  readonly nowMs: () => number;
  /** A clock that nobody sets; by default the process’s own. */
  readonly monotonicMs?: () => number;
  /** Of each kind, in one permit; by default as many as gateways take. */
  readonly permitHolds?: number;
  readonly logger: Logger;
}

/** How a reconciler is. */
export interface ReconcilerState {
  /** How long ago everything was in step the last time, milliseconds. */
  readonly behindMs: number;
  /** Times that it failed since it was started. */
  readonly failures: number;
  /** Of the last failure, while it is not in step again. */
  readonly error: ErrorCode | undefined;
  /** What ended is more than a permit holds: some of it does not reach the gateways. */
  readonly isFull: boolean;
  /** A gateway was shut out that has gallery keys which are in use: the site is to be re-keyed. */
  readonly isRekeyDue: boolean;
}

/**
 * Keeps what the gateways of a site may match in step with its lists: at the start, after each change, and
 * when an entry’s time comes. A withdrawal goes out before anything is computed; the gallery of what is left
 * follows. Whatever cannot be done is tried again, for ever.
 */
export class ListReconciler {
  readonly #options: ListReconcilerOptions;
  readonly #monotonicMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Something changed while {@link runOnce} ran. */
  #again = false;
  /** Counts what changed; up to which of it a permit was published, and a gallery made. */
  #wanted = 1;
  #published = 0;
  #made = 0;
  /** Counts passes that were taken back, and up to which of them a permit was published. */
  #passes = 1;
  #passesPublished = 0;
  /** Permits are written one after the other, so that none puts back what a later one said. */
  #turn: Promise<unknown> = Promise.resolve();
  /** A gallery that failed waits until then, by the process’s own clock. */
  #notBeforeMs = 0;
  /** By the process’s own clock, when nothing was left to do the last time. */
  #inStepMs: number;
  #failures = 0;
  #error: ErrorCode | undefined;
  #isFull = false;
  #isRekeyDue = false;

  constructor(options: ListReconcilerOptions) {
    this.#options = options;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.#inStepMs = this.#monotonicMs();
  }

  /** One that stands still falls behind as well as one that fails. */
  get state(): ReconcilerState {
    return {
      behindMs: this.#monotonicMs() - this.#inStepMs,
      failures: this.#failures,
      error: this.#error,
      isFull: this.#isFull,
      isRekeyDue: this.#isRekeyDue,
    };
  }

  start(): void {
    this.#inStepMs = this.#monotonicMs();
    this.#timer = setInterval(() => this.#wake(), listsPolicy.everyMs);
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
    await this.#turn;
  }

  /** What may be matched has changed, and is committed. */
  changed(): void {
    this.#wanted += 1;
    this.#again = true;
    this.#wake();
  }

  /** A pass was taken back, and that is committed: gateways are told also while a gallery is made. */
  passesChanged(): void {
    this.#passes += 1;
    const passes = this.#passes;
    this.#publish().then(
      () => {
        this.#passesPublished = Math.max(this.#passesPublished, passes);
      },
      // It is tried again with the next tick.
      (err: unknown) => this.#options.logger.warn({ err }, 'a revoked pass is not in the permit'),
    );
  }

  #wake(): void {
    if (this.#stopped || this.#running) return;
    this.#again = false;
    this.#running = this.runOnce()
      // What failed is due again with the next tick.
      .catch((err: unknown) => this.#failed(err))
      .finally(() => {
        this.#running = undefined;
        if (this.#again) this.#wake();
      });
  }

  #failed(err: unknown): void {
    this.#failures += 1;
    this.#error = err instanceof WatchpostError ? err.code : 'api.internal';
    this.#options.logger.warn({ err }, 'lists could not be kept in step');
  }

  /** Does everything that is due now. */
  async runOnce(): Promise<void> {
    const { nowMs, permits, site } = this.#options;
    this.#isRekeyDue = ((await permits.record(site))?.rekey.length ?? 0) > 0;
    if (await this.#endDue(nowMs())) this.#wanted += 1;
    const [wanted, passes] = [this.#wanted, this.#passes];
    if (this.#published !== wanted || this.#passesPublished !== passes) {
      await this.#publish();
      this.#published = wanted;
      this.#passesPublished = Math.max(this.#passesPublished, passes);
    }
    await this.#destroy();
    if (this.#made !== wanted) {
      if (this.#monotonicMs() < this.#notBeforeMs) return;
      this.#notBeforeMs = this.#monotonicMs() + listsPolicy.againAfterMs;
      await this.#compile();
      this.#notBeforeMs = 0;
      this.#made = wanted;
    }
    this.#inStepMs = this.#monotonicMs();
    this.#error = undefined;
  }

  /** Entries whose time is over end by themselves, and what ended long ago is erased. */
  async #endDue(nowMs: number): Promise<boolean> {
    const { db, site, policy } = this.#options;
    const before = new Date(nowMs - policy.eraseAfter).toISOString();
    const due = await dueEntries(db, site, new Date(nowMs).toISOString(), before);
    for (const { id, state } of due)
      if (state === 'active')
        await this.#end(id, nowMs, 'list_entry_expired', (entry, endedAt) =>
          entry.state === 'active' ? { ...entry, state: 'expired', endedAt } : undefined,
        );
      else
        await this.#end(id, nowMs, 'list_entry_erased', (entry, at) =>
          entry.state === state ? erased(entry, at) : undefined,
        );
    return due.length > 0;
  }

  async #end(
    id: EntryId,
    nowMs: number,
    action: 'list_entry_expired' | 'list_entry_erased',
    decide: (entry: StoredEntry, at: string) => StoredEntry | undefined,
  ): Promise<void> {
    const { db, site } = this.#options;
    const at = new Date(nowMs).toISOString();
    await db.transaction().execute(async (tx) => {
      const before = await findEntry(tx, [{ site, zones: null }], id, true);
      const entry = before && decide(before, at);
      if (!before || !entry) return;
      const version = before.version + 1;
      await updateEntry(tx, { ...entry, version, updatedAt: at });
      const what = action === 'list_entry_expired' ? 'expire' : 'erase';
      const states = { from_state: before.state, to_state: entry.state };
      await insertRows(tx, 'list_change', [
        { site, entry: id, version, at, actor: 'system', what, ...states },
      ]);
      await append(tx, {
        ...{ at, actor: 'system', site, action, reason: null, outcome: 'done' },
        subject: { kind: 'entry', id },
        details: { from: before.state, to: entry.state, version },
      });
    });
  }

  /** @param gallery left out: the one of before */
  #publish(gallery?: string | null): Promise<void> {
    const written = this.#turn.then(() => this.#write(gallery));
    this.#turn = written.catch(() => undefined);
    return written;
  }

  async #write(gallery: string | null | undefined): Promise<void> {
    const { db, site, permits, nowMs, permitHolds = permitLimits.entries } = this.#options;
    const ended = await entriesIn(db, site, ['draft', 'proposed', 'withdrawn', 'expired', 'erased']);
    const record = await permits.record(site);
    const isSettled = (id: EntryId) => record !== undefined && erasureProgress(record, id)?.settled === true;
    // What no gateway ever had, and what each of them has said to have erased, needs no word.
    const all = ended.filter(
      ({ id, activatedAt, erasedAt }) => activatedAt !== null && (erasedAt === null || !isSettled(id)),
    );
    const known = all.slice(0, permitHolds);
    const before = await permits.last(site);
    const endAfter = new Date(nowMs() - listsPolicy.revokedForMs).toISOString();
    const allRevoked = await refusedPasses(db, site, endAfter, permitHolds + 1);
    const revoked = allRevoked.slice(0, permitHolds);
    this.#isFull = all.length > known.length || allRevoked.length > revoked.length;
    // A site that never had a list, nor took a pass back, gets no permit of ours.
    const isSaid = before !== undefined || known.length > 0 || revoked.length > 0;
    if (!isSaid && (await entriesIn(db, site, ['active'])).length === 0) return;
    await permits.publish(site, {
      gallery: gallery === undefined ? (before?.gallery ?? null) : gallery,
      withdrawn: known.map(({ id }) => id),
      erase: known.flatMap(({ id, erasedAt }) => (erasedAt === null ? [] : [{ entry: id, since: erasedAt }])),
      revokedPasses: revoked,
    });
  }

  /** Photos and templates of what is erased. */
  async #destroy(): Promise<void> {
    const { db, site, enroller, nowMs } = this.#options;
    if (!enroller) return;
    for (const entry of await notRemoved(db, site)) {
      await enroller.remove(site, entry);
      await noteRemoved(db, site, entry, new Date(nowMs()).toISOString());
    }
  }

  async #compile(): Promise<void> {
    const { db, site, enroller } = this.#options;
    if (!enroller) return;
    const active = await entriesIn(db, site, ['active']);
    // A server without lists starts no process for them.
    const { digest } =
      active.length === 0 ? { digest: null } : await enroller.compile(site, active.map(toRecord));
    await this.#publish(digest);
  }
}
