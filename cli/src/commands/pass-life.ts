import {
  gateKeys,
  generateHolderKey,
  issueRevocationList,
  presentPass,
  revokeKey,
  rotateKeys,
  verifyRevocationList,
} from '@watchpost/passes';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import {
  readHolderKeyFile,
  readKeyRing,
  replaceFile,
  replaceKeyRing,
  unusable,
  writeHolderKeyFile,
} from './key-file.ts';
import { rejectionLine, shownText, type VerifyOptions, verifyShown } from './pass.ts';
import { readListFile } from './revocation-file.ts';

interface Language {
  readonly lang?: string;
}
const hourMs = 3_600_000;

/**
 * `watchpost pass new-holder-key FILE`: what a phone would do; prints the public part, for
 * `pass issue --bind`.
 */
export function newHolderKeyCommand(file: string, { lang }: Language, io: CommandIo = terminal) {
  return runCommand(io, lang, async () => {
    const key = generateHolderKey();
    writeHolderKeyFile(file, key);
    io.out(`${Buffer.from(key.publicKey).toString('base64url')}\n`);
    return 0;
  });
}

/** `watchpost pass present [TEXT] --holder-key FILE`: the pass with a proof of this half minute. */
export function presentCommand(
  text: string | undefined,
  { lang, holderKey }: Language & { readonly holderKey: string },
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, lang, async () => {
    const holder = readHolderKeyFile(holderKey);
    const pass = await shownText(text, io);
    let shown: string;
    try {
      shown = presentPass(pass, holder, now);
    } catch (error) {
      // Node says "invalid key" in words of its own.
      if ((error as { code?: unknown }).code === 'pass.malformed') throw error;
      throw unusable('/--holder-key', 'a file that `pass new-holder-key` wrote');
    }
    io.out(`${shown}\n`);
    return 0;
  });
}

export interface RevokeOptions extends Language {
  readonly key: string;
  readonly list: string;
  /** How long gates may rely on the list, hours, up to a year. */
  readonly hours: string;
}

/**
 * `watchpost pass revoke [ID…]`: adds to the list and signs it anew with the next number; the file is
 * replaced whole.
 */
export function revokeCommand(
  ids: readonly string[],
  options: RevokeOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (texts) => {
    const hours = hoursOf('/--hours', options.hours);
    const ring = readKeyRing(options.key, '/--key');
    const { current } = ring;
    const iss = current.iss ?? current.kid;
    const old = readListFile(options.list, '/--list');
    // An expired list is renewed like any other, so it is judged at a time at which none has expired.
    const before = old === null ? null : verifyRevocationList(old, { keys: gateKeys(ring), now: 0 });
    if (before && before.outcome !== 'accepted')
      throw unusable('/--list', `a list of this key’s (${before.reason})`);
    const issued = Math.floor(now / 1000);
    const list = {
      iss,
      sequence: (before?.list.sequence ?? 0) + 1,
      issued,
      expires: issued + Math.round(hours * 3600),
      revoked: [...new Set([...(before?.list.revoked ?? []), ...ids])],
    };
    let text: string;
    try {
      text = issueRevocationList(list, current);
    } catch {
      throw unusable('/ID', 'ids of 1–64 visible ASCII characters, at most 10,000 in all');
    }
    replaceFile(options.list, `${text}\n`, '/--list');
    const until = new Date(list.expires * 1000).toISOString();
    io.out(
      `${texts.listIssued} ${list.sequence}, ${texts.passUntil} ${until}, ${texts.listRevoked} ${list.revoked.length}\n`,
    );
    return 0;
  });
}

export interface RotateOptions extends Language {
  /** Hours that passes of the old key stay good. */
  readonly overlap: string;
  readonly leaked?: boolean;
}

/**
 * `watchpost pass rotate FILE`: a new signing key in the same file; prints the public keys for the gates, the
 * new one first.
 */
export function rotateCommand(
  file: string,
  options: RotateOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async () => {
    const ring = readKeyRing(file, '/FILE');
    const rotated = options.leaked
      ? revokeKey(ring)
      : rotateKeys(ring, now, hoursOf('/--overlap', options.overlap) * hourMs);
    replaceKeyRing(file, rotated);
    io.out(`${JSON.stringify(gateKeys(rotated))}\n`);
    return 0;
  });
}

export interface RedeemOptions extends VerifyOptions {
  readonly ledger: string;
}

/**
 * `watchpost pass redeem [TEXT]`: verifies, then counts one use on disk; exit code 0 only when both went
 * well.
 */
export function redeemCommand(
  text: string | undefined,
  options: RedeemOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (texts) => {
    const verdict = verifyShown(await shownText(text, io), options, now);
    if (verdict.outcome === 'rejected') {
      io.out(`${rejectionLine(verdict.reason, texts)}\n`);
      return 1;
    }
    const { RedemptionFile } = await import('@watchpost/edge-agent');
    const ledger = new RedemptionFile({ path: options.ledger });
    try {
      const result = ledger.redeem(verdict.claims, verdict.proof, now);
      if (result.outcome === 'rejected') {
        io.out(`${rejectionLine(result.reason, texts)}\n`);
        return 1;
      }
      io.out(`${texts.passRedeemed}: ${verdict.claims.jti}, ${texts.passLeft} ${result.left}\n`);
      return 0;
    } finally {
      ledger.close();
    }
  });
}

function hoursOf(path: string, text: string): number {
  const hours = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (hours >= 1 / 60 && hours <= 366 * 24) return hours;
  throw unusable(path, 'hours, one minute … one year');
}
