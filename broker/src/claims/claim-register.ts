import { timingSafeEqual } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts';
import { type ClaimFault, type Invitation, judgeClaimCode } from '../domain/claim-verdict.ts';
import type { IssuedCertificate } from '../identity/site-authority.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS invitation (
    id TEXT PRIMARY KEY,
    gateway TEXT NOT NULL,
    secret_sha256 BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    wrong_secrets INTEGER NOT NULL DEFAULT 0,
    used_by TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS certificate (
    serial TEXT PRIMARY KEY,
    gateway TEXT NOT NULL,
    not_before_ms INTEGER NOT NULL,
    not_after_ms INTEGER NOT NULL,
    pem TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    invitation TEXT UNIQUE
  ) STRICT;
  CREATE INDEX IF NOT EXISTS certificate_of_gateway ON certificate (gateway, issued_ms);
`;

/** How long a command waits for the service’s write, and the other way round. */
const busyMs = 5000;

/** A certificate that was issued. */
export interface RegisteredCertificate {
  readonly serial: string;
  readonly gateway: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly issuedMs: number;
  readonly renewed: boolean;
}

interface InvitationRow {
  id: string;
  gateway: string;
  secret_sha256: Uint8Array;
  expires_ms: number;
  wrong_secrets: number;
  used_by: string | null;
}

/**
 * Invitations and issued certificates, in SQLite: every change is on disk before it is answered, and the service and
 * the commands may be at it at the same time. Of a claim code only the SHA-256 of its secret is kept.
 */
export class ClaimRegister {
  readonly #database: DatabaseSync;

  /** @throws WatchpostError `config.data_folder` */
  constructor(path: string) {
    try {
      this.#database = new DatabaseSync(path, { timeout: busyMs });
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      this.#database.exec(schema);
    } catch (cause) {
      throw new WatchpostError('config.data_folder', { details: { file: path }, cause });
    }
  }

  close(): void {
    this.#database.close();
  }

  /** A new invitation; earlier ones of the gateway end. */
  invite(invitation: Pick<Invitation, 'id' | 'gateway' | 'expiresMs'>, secretSha256: Uint8Array): void {
    const { id, gateway, expiresMs } = invitation;
    this.#inTransaction(() => {
      this.withdrawInvitations(gateway);
      this.#database
        .prepare('INSERT INTO invitation (id, gateway, secret_sha256, expires_ms) VALUES (?, ?, ?, ?)')
        .run(id, gateway, secretSha256, expiresMs);
    });
  }

  /** Ends the invitations of a gateway; those that were used stay on record. */
  withdrawInvitations(gateway: string): void {
    this.#database.prepare('DELETE FROM invitation WHERE gateway = ? AND used_by IS NULL').run(gateway);
  }

  /** Checks a code without using it; a wrong secret is counted. */
  check(
    id: string,
    secretSha256: Uint8Array,
    gatewayRevoked: (gateway: string) => boolean,
    nowMs: number,
  ): Invitation | { readonly fault: ClaimFault } {
    return this.#inTransaction(() => {
      const row = this.#database.prepare('SELECT * FROM invitation WHERE id = ?').get(id) as
        | InvitationRow
        | undefined;
      const invitation = row && invitationOf(row);
      // Compared in any case, so that an unknown id costs the same.
      const secretMatches = timingSafeEqual(row?.secret_sha256 ?? new Uint8Array(32), secretSha256);
      const fault = judgeClaimCode(invitation, {
        secretMatches,
        gatewayRevoked: invitation !== undefined && gatewayRevoked(invitation.gateway),
        nowMs,
      });
      if (fault === 'secret')
        this.#database
          .prepare('UPDATE invitation SET wrong_secrets = wrong_secrets + 1 WHERE id = ?')
          .run(id);
      return fault || !invitation ? { fault: fault ?? 'unknown' } : invitation;
    });
  }

  /**
   * Uses a code up for one public key, in one step, before any certificate is made. False when another key has used it;
   * the same key may come again until the code expires, because the answer may have been lost.
   */
  burn(id: string, publicKeySha256: string): boolean {
    const { changes } = this.#database
      .prepare('UPDATE invitation SET used_by = ? WHERE id = ? AND (used_by IS NULL OR used_by = ?)')
      .run(publicKeySha256, id, publicKeySha256);
    return changes === 1;
  }

  /** The certificate that was issued for an invitation. */
  issuedFor(invitation: string): Pick<IssuedCertificate, 'serial' | 'pem'> | undefined {
    return this.#database
      .prepare('SELECT serial, pem FROM certificate WHERE invitation = ?')
      .get(invitation) as unknown as Pick<IssuedCertificate, 'serial' | 'pem'> | undefined;
  }

  /** Puts a certificate on record. False when the invitation has one already. */
  record(gateway: string, certificate: IssuedCertificate, invitation: string | null, nowMs: number): boolean {
    const { serial, notBeforeMs, notAfterMs, pem } = certificate;
    const { changes } = this.#database
      .prepare(
        'INSERT INTO certificate (serial, gateway, not_before_ms, not_after_ms, pem, issued_ms, invitation) ' +
          'VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (invitation) DO NOTHING',
      )
      .run(serial, gateway, notBeforeMs, notAfterMs, pem, nowMs, invitation);
    return changes === 1;
  }

  /** Certificates of a gateway that were issued since a time. */
  issuedSince(gateway: string, sinceMs: number): number {
    const row = this.#database
      .prepare('SELECT count(*) AS issued FROM certificate WHERE gateway = ? AND issued_ms > ?')
      .get(gateway, sinceMs) as { issued: number };
    return row.issued;
  }

  /** Every certificate that has not expired, by gateway and age. */
  certificates(nowMs: number): RegisteredCertificate[] {
    const rows = this.#database
      .prepare('SELECT * FROM certificate WHERE not_after_ms > ? ORDER BY gateway, issued_ms')
      .all(nowMs) as Record<string, string | number | null>[];
    return rows.map((row) => ({
      serial: String(row.serial),
      gateway: String(row.gateway),
      notBeforeMs: Number(row.not_before_ms),
      notAfterMs: Number(row.not_after_ms),
      issuedMs: Number(row.issued_ms),
      renewed: row.invitation === null,
    }));
  }

  /** Invitations that can still be used. */
  openInvitations(nowMs: number): Invitation[] {
    const rows = this.#database
      .prepare('SELECT * FROM invitation WHERE used_by IS NULL AND expires_ms > ? ORDER BY gateway')
      .all(nowMs) as unknown as InvitationRow[];
    return rows.map(invitationOf);
  }

  /** Keeps every other command and the service from writing meanwhile. Nothing of the work may begin a transaction. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = await work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #inTransaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

const invitationOf = (row: InvitationRow): Invitation => ({
  id: row.id,
  gateway: row.gateway,
  expiresMs: row.expires_ms,
  wrongSecrets: row.wrong_secrets,
  usedBy: row.used_by ?? undefined,
});
