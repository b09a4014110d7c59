import { randomUUID } from 'node:crypto';
import { zhErrorText } from '@watchpost/console/zh-error-text';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import {
  generateIssuerKey,
  type IssuerKey,
  issuePass,
  type PassClaims,
  type PassVerdict,
  publicPart,
  verifyPass,
} from '@watchpost/passes';
import { commandPolicy } from '../policy.ts';
import type { Texts } from '../texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import {
  publicLine,
  readHolderKeyFile,
  readKeyFile,
  readPublicKeys,
  unusable,
  writeKeyFile,
} from './key-file.ts';
import { readRevocations } from './revocation-file.ts';

export interface NewKeyOptions {
  readonly lang?: string;
  readonly kid?: string;
  /** Gates then accept only this issuer’s passes under the key. */
  readonly issuer?: string;
}

/**
 * `watchpost pass new-key FILE`: writes a private key (mode 0600, never over a file), prints the public part
 * for the gates.
 */
export function newKeyCommand(file: string, options: NewKeyOptions, io: CommandIo = terminal) {
  const { lang, kid, issuer } = options;
  return runCommand(io, lang, async () => {
    const key = generateIssuerKey({ ...(kid ? { kid } : {}), ...(issuer ? { iss: issuer } : {}) });
    writeKeyFile(file, key);
    io.out(publicLine(key));
    return 0;
  });
}

export interface IssueOptions {
  readonly lang?: string;
  /** File of the private key. */
  readonly key: string;
  /** Gates or zones. */
  readonly audience: readonly string[];
  /** How long the pass is good from now on, above 0 and up to 8,784 (a leap year). */
  readonly hours: string;
  /** How often it may be redeemed, 1–1000. */
  readonly uses: string;
  /** Address code of the unit that is visited. */
  readonly address?: string;
  /** Public key of the holder’s phone, 32 bytes base64url. */
  readonly bind?: string;
  /** File of the holder’s key; `bind` with its public part. */
  readonly holderKey?: string;
}

/**
 * `watchpost pass issue`: prints a pass that is good from now on, one line for a QR code; for paper unless it
 * is bound to a phone.
 */
export function issuePassCommand(options: IssueOptions, io: CommandIo = terminal, now = Date.now()) {
  return runCommand(io, options.lang, async () => {
    const hours = numberOf('/--hours', options.hours, (value) => value >= 1 / 60 && value <= 366 * 24);
    const maxUses = numberOf(
      '/--uses',
      options.uses,
      (value) => Number.isInteger(value) && value >= 1 && value <= 1000,
    );
    const key = readKeyFile(options.key);
    const cnf = holderOf(options);
    const nbf = Math.floor(now / 1000);
    const text = signed(
      {
        iss: key.iss ?? key.kid,
        jti: randomUUID(),
        aud: options.audience,
        ...(options.address === undefined ? {} : { addr: options.address }),
        nbf,
        exp: nbf + Math.round(hours * 3600),
        maxUses,
        ...(cnf ? { cnf } : {}),
      },
      key,
    );
    io.out(`${text}\n`);
    return 0;
  });
}

/** Which option a refused claim came from; the other claims are the key’s or ours. */
const optionOf: Readonly<Record<string, string>> = { '/aud': '/--audience', '/addr': '/--address' };

/** A pass that its own public key accepts: a damaged key file must not show at the gate first. */
function signed(claims: PassClaims, key: IssuerKey): string {
  const damaged = (cause?: unknown) =>
    new WatchpostError('config.invalid', {
      path: '/--key',
      details: { expected: 'a key as `pass new-key` wrote it' },
      cause,
    });
  let text: string;
  try {
    text = issuePass(claims, key);
  } catch (error) {
    const option = error instanceof WatchpostError ? optionOf[error.path ?? ''] : undefined;
    if (!option) throw damaged(error);
    const expected = '1–64 visible ASCII characters each, at most 16 gates';
    throw new WatchpostError('config.invalid', { path: option, details: { expected } });
  }
  const [audience = ''] = claims.aud;
  // Whether the key’s halves belong together does not depend on a phone.
  const { cnf: _, ...paper } = claims;
  const probe = issuePass(paper, key);
  const { outcome } = verifyPass(probe, { keys: [publicPart(key)], audience, now: claims.nbf * 1000 });
  if (outcome !== 'accepted') throw damaged();
  return text;
}

function holderOf({ bind, holderKey }: IssueOptions): Uint8Array | undefined {
  if (holderKey !== undefined) {
    if (bind !== undefined) throw unusable('/--bind', 'either --bind or --holder-key');
    return readHolderKeyFile(holderKey).publicKey;
  }
  if (bind === undefined) return undefined;
  if (!/^[A-Za-z0-9_-]{43}$/.test(bind)) throw unusable('/--bind', '32 bytes as base64url');
  return new Uint8Array(Buffer.from(bind, 'base64url'));
}

function numberOf(path: string, text: string, isGood: (value: number) => boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (isGood(value)) return value;
  const expected = path === '/--uses' ? 'a whole number of 1 … 1000' : 'hours, one minute … one year';
  throw new WatchpostError('config.invalid', { path, details: { expected } });
}

export interface VerifyOptions {
  readonly lang?: string;
  /** File with a public key or an array of them. */
  readonly keys: string;
  /** The gate or zone that asks. */
  readonly audience: string;
  /** File of a signed list of withdrawn passes. */
  readonly revocations?: string;
}

/**
 * `watchpost pass verify [TEXT]`: one line about the pass, read from standard input without TEXT; exit code 0
 * accepted, 1 rejected. Uses are not counted.
 */
export function verifyPassCommand(
  text: string | undefined,
  options: VerifyOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (texts) => {
    const verdict = verifyShown(await shownText(text, io), options, now);
    io.out(`${verdictLine(verdict, texts)}\n`);
    return verdict.outcome === 'accepted' ? 0 : 1;
  });
}

/**
 * Checks what was shown against the files of the options.
 * @throws WatchpostError `config.invalid` for key files, `pass.*` with the path `/--revocations` for a list
 *   that cannot be relied on
 */
export function verifyShown(
  shown: string,
  { keys, audience, revocations }: Pick<VerifyOptions, 'keys' | 'audience' | 'revocations'>,
  now: number,
): PassVerdict {
  const publicKeys = readPublicKeys(keys);
  const revoked =
    revocations === undefined ? undefined : readRevocations(revocations, publicKeys, now).revoked;
  return verifyPass(shown, { keys: publicKeys, audience, now, ...(revoked ? { revoked } : {}) });
}

/**
 * The argument, or standard input, without its line end. Base45 has the space among its characters, so
 * nothing else is taken off.
 */
export async function shownText(text: string | undefined, io: CommandIo): Promise<string> {
  return (text ?? (await firstBytes(io.input))).replace(/\r?\n$/, '');
}

/** One line for a rejection, with its code. */
export function rejectionLine(reason: ErrorCode, texts: Texts): string {
  return `${texts.passRejected}: [${reason}] ${texts.chinese ? zhErrorText(reason) : errorRegistry[reason].summary}`;
}

function verdictLine(verdict: PassVerdict, texts: Texts): string {
  if (verdict.outcome === 'accepted') {
    const { jti, exp, maxUses } = verdict.claims;
    const until = new Date(exp * 1000).toISOString();
    return `${texts.passAccepted}: ${jti}, ${texts.passUntil} ${until}, ${texts.passUses} ${maxUses}`;
  }
  return rejectionLine(verdict.reason, texts);
}

async function firstBytes(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > commandPolicy.passInputBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
