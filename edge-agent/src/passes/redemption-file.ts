import type { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts/errors';
import { decideRedemption, type Redeemable, type RedemptionResult } from '@watchpost/passes';
import { redemptionPolicy } from '../policy.ts';
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
    try {
      let result: RedemptionResult | undefined;
      inTransaction(this.#database, () => {
        result = this.#redeem(claims, proof, nowMs);
      });
      if (result) return result;
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
    const { iss, jti, exp } = claims;
    const row = this.#database
      .prepare('SELECT uses, proof FROM redemption WHERE iss = ? AND jti = ?')
      .get(iss, jti) as { uses: number; proof: number | null } | undefined;
    const before = row && { uses: row.uses, ...(row.proof === null ? {} : { proof: row.proof }) };
    const result = decideRedemption(before, claims, proof);
    if (result.outcome === 'rejected') return result;
    if (!row) this.#makeRoom(nowMs);
    this.#database
      .prepare(
        `INSERT INTO redemption (iss, jti, uses, exp, proof) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (iss, jti) DO UPDATE SET uses = excluded.uses, proof = excluded.proof`,
      )
      .run(iss, jti, result.uses, exp, proof ?? null);
    return result;
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
