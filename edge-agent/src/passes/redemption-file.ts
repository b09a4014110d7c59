import type { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type PassUse, passUseSchema } from '@watchpost/contracts/wire';
import { decideRedemption, type Redeemable, type RedemptionResult } from '@watchpost/passes';
import { passUsePolicy, redemptionPolicy } from '../policy.ts';
import {
  closeQuietly,
  inTransaction,
  isCorruption,
  openExclusive,
  setAside,
} from '../storage/exclusive-database.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS redemption (
    iss TEXT NOT NULL,
    jti TEXT NOT NULL,
    uses INTEGER NOT NULL CHECK (uses > 0),
    exp INTEGER NOT NULL,
    proof INTEGER,
    PRIMARY KEY (iss, jti)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS redemption_exp ON redemption (exp);
  CREATE TABLE IF NOT EXISTS use_to_tell (
    id TEXT NOT NULL PRIMARY KEY,
    use TEXT NOT NULL
  ) STRICT;
`;

export interface RedemptionFileOptions {
  readonly path: string;
  /** Called when a damaged file was set aside; counting begins anew. */
  readonly onCorrupt?: (file: string) => void;
  /** Most passes that are remembered at once, default {@link redemptionPolicy}. */
  readonly maxEntries?: number;
}

/**
 * Counts the uses of passes on disk. One call decides and counts, and returns when that is on disk: a crash
 * afterwards forgets nothing. One process per file.
 */
export class RedemptionFile {
  readonly #database: DatabaseSync;
  readonly #maxEntries: number;

  /**
   * @throws WatchpostError `config.data_folder` when the file cannot be opened or another process holds it
   */
  constructor({ path, onCorrupt, maxEntries = redemptionPolicy.remembered }: RedemptionFileOptions) {
    this.#maxEntries = maxEntries;
    try {
      this.#database = openExclusive(path, schema);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      const aside = setAside(path, Date.now());
      this.#database = openExclusive(path, schema);
      onCorrupt?.(aside);
    }
  }

  /**
   * Only for claims (and the proof) of a pass that `verifyPass` accepted. `nowMs` only decides what may be
   * forgotten.
   * @throws WatchpostError `edge.ledger_unusable`: nothing was counted, so the pass must not be accepted
   */
  redeem(claims: Redeemable, proof: number | undefined, nowMs: number): RedemptionResult {
    return this.#inTransaction(() => this.#redeem(claims, proof, nowMs));
  }

  /**
   * Remembers a use that the server has counted, whatever is remembered here.
   * @throws WatchpostError `edge.ledger_unusable`
   */
  counted(claims: Redeemable, proof: number | undefined, nowMs: number): void {
    this.#inTransaction(() => {
      const before = this.#before(claims);
      if (!before) this.#makeRoom(nowMs);
      const last = Math.max(proof ?? -1, before?.proof ?? -1);
      this.#write(claims, (before?.uses ?? 0) + 1, last < 0 ? undefined : last);
    });
  }

  /**
   * Counts a use for which the server gave no answer: a pass is good once at this gateway then. What is
   * redeemed waits to be told, on disk.
   * @throws WatchpostError `edge.ledger_unusable`
   */
  redeemAlone(use: PassUse, nowMs: number): RedemptionResult {
    return this.#inTransaction(() => {
      const { n } = this.#database.prepare('SELECT count(*) AS n FROM use_to_tell').get() as { n: number };
      if (n >= passUsePolicy.waiting)
        throw new WatchpostError('edge.ledger_unusable', { details: { waiting: n } });
      const result = this.#redeem({ ...use, maxUses: 1 }, use.proof, nowMs);
      if (result.outcome === 'redeemed') this.tellLast(use);
      return result;
    });
  }

  /** Uses that wait to be told, the first ones first. */
  toTell(): readonly PassUse[] {
    const rows = this.#database
      .prepare('SELECT use FROM use_to_tell ORDER BY rowid LIMIT ?')
      .all(passUsePolicy.toldAtOnce) as { use: string }[];
    return rows.map(({ use }) => passUseSchema.parse(JSON.parse(use)));
  }

  /** Puts a use behind all others that wait: one that nobody takes keeps none from being told. */
  tellLast(use: PassUse): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO use_to_tell (id, use) VALUES (?, ?)')
      .run(use.id, JSON.stringify({ ...use, taken: true }));
  }

  /** The server has counted a use that waited. */
  told(id: string): void {
    this.#database.prepare('DELETE FROM use_to_tell WHERE id = ?').run(id);
  }

  #inTransaction<T>(work: () => T): T {
    try {
      let done: { readonly value: T } | undefined;
      inTransaction(this.#database, () => {
        done = { value: work() };
      });
      if (done) return done.value;
      throw new Error('the transaction did nothing');
    } catch (cause) {
      throw cause instanceof WatchpostError ? cause : new WatchpostError('edge.ledger_unusable', { cause });
    }
  }

  /** Passes that are remembered. */
  get size(): number {
    return (this.#database.prepare('SELECT count(*) AS n FROM redemption').get() as { n: number }).n;
  }

  close(): void {
    closeQuietly(this.#database);
  }

  #redeem(claims: Redeemable, proof: number | undefined, nowMs: number): RedemptionResult {
    const before = this.#before(claims);
    const result = decideRedemption(before, claims, proof);
    if (result.outcome === 'rejected') return result;
    if (!before) this.#makeRoom(nowMs);
    this.#write(claims, result.uses, proof);
    return result;
  }

  #before({ iss, jti }: Redeemable): { readonly uses: number; readonly proof?: number } | undefined {
    const row = this.#database
      .prepare('SELECT uses, proof FROM redemption WHERE iss = ? AND jti = ?')
      .get(iss, jti) as { uses: number; proof: number | null } | undefined;
    return row && { uses: row.uses, ...(row.proof === null ? {} : { proof: row.proof }) };
  }

  #write({ iss, jti, exp }: Redeemable, uses: number, proof: number | undefined): void {
    this.#database
      .prepare(
        `INSERT INTO redemption (iss, jti, uses, exp, proof) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (iss, jti) DO UPDATE SET uses = excluded.uses, proof = excluded.proof`,
      )
      .run(iss, jti, uses, exp, proof ?? null);
  }

  #makeRoom(nowMs: number): void {
    if (this.size < this.#maxEntries) return;
    const { changes } = this.#database
      .prepare('DELETE FROM redemption WHERE exp < ?')
      .run(Math.floor(nowMs / 1000) - redemptionPolicy.forgetAfterS);
    // What could still be shown again must not be forgotten.
    if (changes === 0) {
      throw new WatchpostError('edge.ledger_unusable', {
        details: { passes: this.size, limit: this.#maxEntries },
      });
    }
  }
}
