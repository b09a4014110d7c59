import { createHash, randomBytes } from 'node:crypto';
import type { Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Account, SiteRoles } from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import {
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  liveSessions,
  type SessionOrigin,
  type StoredSession,
  touchSessions,
} from '../store/session-store.ts';
import { describeSession } from './describe-session.ts';
import { sessionPolicy } from './policy.ts';

type SiteId = Session['sites'][number]['site'];

/** The numbers of {@link sessionPolicy}, milliseconds. */
export type SessionPolicy = { readonly [Name in keyof typeof sessionPolicy]: number };

/** What the database knows of a token. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Sessions: a token is 256 random bits; the database knows only its hash. What lives as long as a session
 * (event streams, sockets, tokens for the broker) watches it, and hears at once when it ends here, and within
 * {@link SessionPolicy.watchMs} when it ends in the database.
 */
export class Sessions {
  readonly #db: Queryable;
  readonly #nowMs: () => number;
  readonly #sites: readonly SiteId[];
  readonly #policy: SessionPolicy;
  readonly #factorRequired: (roles: SiteRoles) => boolean;
  readonly #watchers = new Map<string, Set<() => void>>();
  /** Last use by the monotonic clock, which nobody sets; the database’s is for after a restart. */
  readonly #used = new Map<string, { atMs: number; writtenMs: number }>();
  #timer: NodeJS.Timeout | undefined;

  /** `sites`: all that run here. `factorRequired`: whether one of these roles demands a second factor. */
  constructor(
    db: Queryable,
    nowMs: () => number,
    sites: readonly SiteId[],
    policy: Partial<SessionPolicy> = {},
    factorRequired: (roles: SiteRoles) => boolean = () => false,
  ) {
    this.#db = db;
    this.#nowMs = nowMs;
    this.#sites = sites;
    this.#policy = { ...sessionPolicy, ...policy };
    this.#factorRequired = factorRequired;
  }

  get lifeMs(): number {
    return this.#policy.absoluteMs;
  }

  /** Begins to look after what watches; ends with {@link stop}. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#sweep().catch(() => undefined), this.#policy.watchMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /**
   * Opens a session for an account whose password was checked.
   * @throws WatchpostError `api.bad_credentials` when the account was removed or changed meanwhile
   */
  async open(
    account: Pick<Account, 'name' | 'password'>,
    origin?: SessionOrigin,
  ): Promise<{ token: string; session: Session }> {
    const token = randomBytes(32).toString('base64url');
    const tokenHash = hashOfToken(token);
    const nowMs = this.#nowMs();
    const now = new Date(nowMs).toISOString();
    const expires = new Date(nowMs + this.#policy.absoluteMs).toISOString();
    const id = await insertSession(this.#db, { tokenHash, account, now, expires, origin });
    const stored = id === undefined ? undefined : await findSession(this.#db, tokenHash, now);
    if (!stored) throw new WatchpostError('api.bad_credentials');
    this.#use(tokenHash, true);
    return { token, session: this.#describe(stored) };
  }

  /** The session of a token, if it is one and did not end. Counts as use. */
  find(token: string): Promise<Session | undefined> {
    return this.findByHash(hashOfToken(token));
  }

  /** As {@link find}, by the hash of the token. */
  async findByHash(hash: string): Promise<Session | undefined> {
    const nowMs = this.#nowMs();
    const found = await findSession(this.#db, hash, new Date(nowMs).toISOString());
    if (!found || this.#isIdle(hash, nowMs - Date.parse(found.lastSeen))) {
      if (found) await deleteSession(this.#db, hash);
      this.#ended(hash);
      return undefined;
    }
    if (this.#use(hash)) await touchSessions(this.#db, [hash], new Date(nowMs).toISOString());
    return this.#describe(found);
  }

  #describe({ account, expires }: StoredSession): Session {
    return describeSession(account, this.#sites, expires, this.#factorRequired);
  }

  /** Ends the session of a token; `written` is done in the same transaction, if there was one. */
  async logOut(token: string, written: (tx: Queryable) => Promise<void>): Promise<void> {
    const hash = hashOfToken(token);
    await this.#db.transaction().execute(async (tx) => {
      if (await deleteSession(tx, hash)) await written(tx);
    });
    this.#ended(hash);
  }

  /**
   * Ends sessions of an account, and says how many; `written` is done in the same transaction, where any
   * ended.
   */
  async endOf(
    account: string,
    which: Parameters<typeof deleteSessionsOf>[2],
    written: (tx: Queryable, ended: number) => Promise<void>,
  ): Promise<number> {
    const hashes = await this.#db.transaction().execute(async (tx) => {
      const ended = await deleteSessionsOf(tx, account, which);
      if (ended.length > 0) await written(tx, ended.length);
      return ended;
    });
    for (const hash of hashes) this.#ended(hash);
    return hashes.length;
  }

  /** Calls `ended` once when the session with this hash ends. Gives what takes the call back. */
  watch(hash: string, ended: () => void): () => void {
    const watchers = this.#watchers.get(hash) ?? new Set();
    watchers.add(ended);
    this.#watchers.set(hash, watchers);
    return () => {
      watchers.delete(ended);
      if (watchers.size === 0 && this.#watchers.get(hash) === watchers) this.#watchers.delete(hash);
    };
  }

  #isIdle(hash: string, storedIdleMs: number): boolean {
    const used = this.#used.get(hash);
    if (!used) return storedIdleMs >= this.#policy.idleMs;
    const idleMs = performance.now() - used.atMs;
    // It may have been used at another service meanwhile, which wrote that down.
    const elsewhereMs = storedIdleMs >= 0 ? storedIdleMs : idleMs;
    return Math.min(idleMs, elsewhereMs) >= this.#policy.idleMs;
  }

  /** Notes the use; says whether it is time to write it down. */
  #use(hash: string, written = false): boolean {
    const atMs = performance.now();
    const writtenMs = this.#used.get(hash)?.writtenMs ?? Number.NEGATIVE_INFINITY;
    const isDue = atMs - writtenMs >= this.#policy.touchMs;
    this.#used.set(hash, { atMs, writtenMs: written || isDue ? atMs : writtenMs });
    return isDue;
  }

  #ended(hash: string): void {
    this.#used.delete(hash);
    const watchers = this.#watchers.get(hash);
    this.#watchers.delete(hash);
    for (const ended of watchers ?? []) ended();
  }

  /** What is watched and has no session any more has ended. A database that does not answer ends nothing. */
  async #sweep(): Promise<void> {
    const watched = [...this.#watchers.keys()];
    if (watched.length === 0) return;
    const now = new Date(this.#nowMs()).toISOString();
    const alive = new Set(await liveSessions(this.#db, watched, now));
    for (const hash of watched) if (!alive.has(hash)) this.#ended(hash);
    const due = [...alive].filter((hash) => this.#use(hash));
    if (due.length > 0) await touchSessions(this.#db, due, now);
  }
}
