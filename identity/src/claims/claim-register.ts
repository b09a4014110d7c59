import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { LineageRow } from '../authority/certificate-lineage.ts';
import type { IssuedCertificate } from '../authority/certificate-parts.ts';
import { plainSerial } from '../authority/gateway-certificate.ts';
import { claimPolicy } from '../policy.ts';
import { type ClaimFault, type Invitation, judgeClaimCode } from './claim-verdict.ts';

/** Columns that came later. */
const added: Readonly<Record<string, string>> = {
  parent: 'TEXT',
  key_sha256: 'TEXT',
};

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
  CREATE TABLE IF NOT EXISTS revoked (serial TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
`;

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
 * Invitations and issued certificates, in SQLite: every change is on disk before it is answered, and the
 * service and the commands may be at it at the same time. Of a claim code only the SHA-256 of its secret is
 * kept.
 */
export class ClaimRegister {
  readonly #database: DatabaseSync;

  /** @throws WatchpostError `config.data_folder` */
  constructor(path: string) {
    try {
      this.#database = new DatabaseSync(path, { timeout: claimPolicy.busyMs });
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      this.#database.exec(schema);
      this.#inTransaction(() => this.#addColumns());
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
   * Uses a code up for one public key, in one step, before any certificate is made. False when another key
   * has used it; the same key may come again until the code expires, because the answer may have been lost.
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

  /** Puts the certificate of an invitation on record. False when the invitation has one already. */
  record(gateway: string, certificate: IssuedCertificate, invitation: string, nowMs: number): boolean {
    return this.#insert(gateway, certificate, { invitation, parent: null }, nowMs);
  }

  /**
   * Puts a renewal on record, in one step with a look at its parent. False when that has been revoked: it
   * must not be given out.
   */
  recordRenewal(
    gateway: string,
    certificate: IssuedCertificate,
    parentSerial: string,
    nowMs: number,
  ): boolean {
    return this.#inTransaction(() => {
      const parent = plainSerial(parentSerial);
      if (this.isRevoked(parent)) return false;
      return this.#insert(gateway, certificate, { invitation: null, parent }, nowMs);
    });
  }

  /** Whether the certificate, or what it comes from, has been revoked here. */
  isRevoked(serial: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM revoked WHERE serial = ?').get(plainSerial(serial)) !== undefined
    );
  }

  /** Where every certificate comes from. Serial numbers are {@link plainSerial}. */
  lineage(): LineageRow[] {
    const rows = this.#database
      .prepare('SELECT serial, gateway, parent, key_sha256, issued_ms, invitation FROM certificate')
      .all() as Record<string, string | number | null>[];
    return rows.map((row) => ({
      serial: plainSerial(String(row.serial)),
      gateway: String(row.gateway),
      parent: row.parent === null ? null : String(row.parent),
      keySha256: row.key_sha256 === null ? null : String(row.key_sha256),
      issuedMs: Number(row.issued_ms),
      isRenewal: row.invitation === null,
    }));
  }

  /** Notes that these are revoked, so that nothing is renewed with them from this moment on. */
  markRevoked(serials: ReadonlySet<string>, nowMs: number): void {
    const statement = this.#database.prepare('INSERT OR IGNORE INTO revoked (serial, at_ms) VALUES (?, ?)');
    for (const serial of serials) statement.run(plainSerial(serial), nowMs);
  }

  #insert(
    gateway: string,
    { serial, notBeforeMs, notAfterMs, pem }: IssuedCertificate,
    { invitation, parent }: { invitation: string | null; parent: string | null },
    nowMs: number,
  ): boolean {
    const { changes } = this.#database
      .prepare(
        'INSERT INTO certificate (serial, gateway, not_before_ms, not_after_ms, pem, issued_ms, invitation, parent, key_sha256) ' +
          'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (invitation) DO NOTHING',
      )
      .run(serial, gateway, notBeforeMs, notAfterMs, pem, nowMs, invitation, parent, keyOf(pem));
    return changes === 1;
  }

  /** A register of before: the keys can still be read from the certificates, the parents cannot. */
  #addColumns(): void {
    const columns = this.#database.prepare('PRAGMA table_info(certificate)').all() as { name: string }[];
    const missing = Object.entries(added).filter(([name]) => !columns.some((column) => column.name === name));
    for (const [name, type] of missing)
      this.#database.exec(`ALTER TABLE certificate ADD COLUMN ${name} ${type}`);
    if (missing.length === 0) return;
    const rows = this.#database.prepare('SELECT serial, pem FROM certificate WHERE key_sha256 IS NULL').all();
    const update = this.#database.prepare('UPDATE certificate SET key_sha256 = ? WHERE serial = ?');
    for (const { serial, pem } of rows as { serial: string; pem: string }[]) update.run(keyOf(pem), serial);
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

  /**
   * Keeps every other command and the service from writing meanwhile. Nothing of the work may begin a
   * transaction.
   */
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

/** SHA-256 of a certificate’s public key, or nothing when it cannot be read. */
function keyOf(pem: string): string | null {
  try {
    const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(key).digest('hex');
  } catch {
    return null;
  }
}

const invitationOf = (row: InvitationRow): Invitation => ({
  id: row.id,
  gateway: row.gateway,
  expiresMs: row.expires_ms,
  wrongSecrets: row.wrong_secrets,
  usedBy: row.used_by ?? undefined,
});
