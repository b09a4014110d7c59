import { apiTokenPattern, type Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { append } from '../governance/audit-log.ts';
import {
  addAddressGroup,
  findGoodToken,
  type GoodToken,
  rightsOfGoodTokens,
  touchTokens,
} from '../store/api-token-store.ts';
import type { Queryable } from '../store/schema.ts';
import { addressGroup } from './address-group.ts';
import { describeSession } from './describe-session.ts';
import { apiTokenPolicy } from './policy.ts';
import { hashOfToken } from './sessions.ts';
import { TokenBuckets } from './token-buckets.ts';
import { sessionOfToken } from './token-reach.ts';

/** What {@link BearerTokens} needs. */
export interface BearerTokenOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  /** All that run here. */
  readonly sites: readonly Session['sites'][number]['site'][];
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Default: the process’s own, which nobody sets. */
  readonly monotonicMs?: (() => number) | undefined;
}

/** What a request with a token is let in as. */
export interface BearerSession {
  readonly session: Session;
  /** Calls `ended` once when the token, or a right that it rests on, ends. Gives what takes the call back. */
  readonly watch: (ended: () => void) => () => void;
}

interface Watcher {
  readonly rights: string;
  readonly ended: () => void;
}

const { requests, refused, newAddresses, keysAtMost } = apiTokenPolicy;

/**
 * API tokens in use: who they let in, how often, from where. What lives as long as one (event streams) hears
 * at once when it is revoked here, and within {@link apiTokenPolicy.watchMs} when it, its account, or the
 * rights of that end in the database.
 */
export class BearerTokens {
  readonly #options: BearerTokenOptions;
  readonly #requests = new TokenBuckets(requests, keysAtMost);
  readonly #refused = new TokenBuckets(refused, keysAtMost);
  readonly #newAddresses = new TokenBuckets(newAddresses, keysAtMost);
  readonly #touchedMs = new Map<string, number>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BearerTokenOptions) {
    this.#options = options;
  }

  /** Begins to look after what watches; ends with {@link stop}. */
  start(): void {
    this.#timer ??= setInterval(() => void this.sweep().catch(() => undefined), apiTokenPolicy.watchMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /**
   * What a token lets in. Counts as use.
   * @throws WatchpostError `account.token_unusable`, `api.too_many_requests`
   */
  async enter(secret: string, address: string): Promise<BearerSession> {
    const { db, nowMs, sites } = this.#options;
    const group = addressGroup(address);
    this.#requireTurn(this.#refused, group);
    const hash = hashOfToken(secret);
    const found = apiTokenPattern.test(secret)
      ? await findGoodToken(db, hash, new Date(nowMs()).toISOString())
      : undefined;
    if (!found) {
      this.#refused.take(group, this.#monotonicMs());
      throw new WatchpostError('account.token_unusable');
    }
    this.#requireTurn(this.#requests, found.id);
    this.#requests.take(found.id, this.#monotonicMs());
    await this.#noteUse(hash, found, group);
    const account = describeSession({ ...found.account, hasFactor: true }, sites, found.expires);
    return {
      session: sessionOfToken(account, found, sites.length),
      watch: (ended) => this.#watch(hash, { rights: found.rights, ended }),
    };
  }

  /** The token with this hash ends now. */
  ended(hash: string): void {
    const watchers = this.#watchers.get(hash);
    this.#watchers.delete(hash);
    this.#touchedMs.delete(hash);
    for (const { ended } of watchers ?? []) ended();
  }

  /**
   * What is watched and is good no more, or has other rights, ends. A database that does not answer ends
   * nothing.
   */
  async sweep(): Promise<void> {
    const hashes = [...this.#watchers.keys()];
    if (hashes.length === 0) return;
    const { db, nowMs } = this.#options;
    const now = new Date(nowMs()).toISOString();
    const rights = await rightsOfGoodTokens(db, hashes, now);
    for (const hash of hashes) {
      const changed = [...(this.#watchers.get(hash) ?? [])].some((one) => one.rights !== rights.get(hash));
      if (changed) this.ended(hash);
    }
    const used = [...rights.keys()].filter((hash) => this.#watchers.has(hash) && this.#isTouchDue(hash));
    if (used.length > 0) await touchTokens(db, used, now);
  }

  #watch(hash: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(hash) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(hash, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(hash) === watchers) this.#watchers.delete(hash);
    };
  }

  #requireTurn(buckets: TokenBuckets, key: string): void {
    const waitMs = buckets.waitMs(key, this.#monotonicMs());
    if (waitMs === 0) return;
    const details = { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
    throw new WatchpostError('api.too_many_requests', { details });
  }

  async #noteUse(
    hash: string,
    { id, name, account, addressGroups }: GoodToken,
    group: string,
  ): Promise<void> {
    const { db, nowMs, logger } = this.#options;
    const at = new Date(nowMs()).toISOString();
    if (this.#isTouchDue(hash)) await touchTokens(db, [hash], at);
    if (addressGroups.includes(group)) return;
    const isWritten = this.#newAddresses.waitMs(id, this.#monotonicMs()) === 0;
    if (isWritten) this.#newAddresses.take(id, this.#monotonicMs());
    await db.transaction().execute(async (tx) => {
      // Of requests that come at once, one is the first.
      if (!(await addAddressGroup(tx, id, group, apiTokenPolicy.addressGroupsAtMost)) || !isWritten) return;
      await append(tx, {
        ...{ at, actor: { account: account.id, name: account.name }, site: null, action: 'token_used' },
        ...{ subject: { kind: 'token', id }, reason: null, outcome: 'done' },
        details: { token: name, addressGroup: group },
      });
    });
    logger.warn(
      { account: account.name, token: id, addressGroup: group },
      'API token used from a new address',
    );
  }

  #isTouchDue(hash: string): boolean {
    const atMs = this.#monotonicMs();
    if (atMs - (this.#touchedMs.get(hash) ?? Number.NEGATIVE_INFINITY) < apiTokenPolicy.touchMs) return false;
    this.#touchedMs.delete(hash);
    this.#touchedMs.set(hash, atMs);
    for (const oldest of this.#touchedMs.keys()) {
      if (this.#touchedMs.size <= keysAtMost) break;
      this.#touchedMs.delete(oldest);
    }
    return true;
  }

  #monotonicMs(): number {
    return (this.#options.monotonicMs ?? (() => performance.now()))();
  }
}
