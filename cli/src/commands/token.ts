import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  allowedFilters,
  filtersOverlap,
  isTopicFilter,
  type Scope,
  siteIdSchema,
  topicLevelPattern,
} from '@watchpost/contracts/wire';
import {
  issueToken,
  maxTokenBytes,
  newTokenKey,
  publicTokenKey,
  standardLifeSeconds,
  type TokenKind,
  type TokenSigningKey,
  TokenVerifier,
  tokenKeySchema,
  tokenKinds,
  tokensSchema,
} from '@watchpost/identity';
import { openAuthority, type RevocationTarget, revoke } from '@watchpost/identity/authority';
import { z } from 'zod';
import { identityTexts } from '../identity-texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { readLine } from './read-line.ts';
import { wholeNumber } from './whole-number.ts';

const signingKeySchema = tokenKeySchema.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const invalid = (path: string, expected: string, cause?: unknown) =>
  new WatchpostError('config.invalid', { path, details: { expected }, cause });

const isKind = (kind: string): kind is TokenKind => tokenKinds.some((known) => known === kind);

export interface NewTokenKeyOptions {
  readonly lang?: string;
  readonly kid?: string;
  readonly kinds?: readonly string[];
}

/**
 * `watchpost token new-key FILE`: writes a private key (mode 0600, never over a file), prints the public part
 * for the broker.
 */
export function newTokenKeyCommand(
  file: string,
  { lang, kid, kinds }: NewTokenKeyOptions,
  io: CommandIo = terminal,
) {
  return runCommand(io, lang, async () => {
    if (kid !== undefined && !topicLevelPattern.test(kid)) throw invalid('/--kid', '1–64 of A–Z a–z 0–9 _ -');
    if (kinds && !kinds.every(isKind)) throw invalid('/--kinds', tokenKinds.join(' '));
    const key = newTokenKey({ kid, kinds: kinds?.filter(isKind) });
    try {
      writeFileSync(file, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      throw invalid('/FILE', 'a new file in a folder that can be written', cause);
    }
    io.out(`${JSON.stringify(publicTokenKey(key))}\n`);
    return 0;
  });
}

export interface IssueTokenOptions {
  readonly lang?: string;
  readonly key: string;
  readonly kind: string;
  readonly subject: string;
  readonly site: string;
  readonly issuer: string;
  readonly minutes?: string;
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
}

/** `watchpost token issue`: prints a token that is good from now on. */
export function issueTokenCommand(options: IssueTokenOptions, io: CommandIo = terminal, now = Date.now()) {
  return runCommand(io, options.lang, async () => {
    const { kind, subject, site, issuer } = options;
    if (!isKind(kind)) throw invalid('/--kind', tokenKinds.join(' '));
    if (!topicLevelPattern.test(subject)) throw invalid('/--subject', '1–64 of A–Z a–z 0–9 _ -');
    if (!siteIdSchema.safeParse(site).success) throw invalid('/--site', 'the id of a site');
    const longest = standardLifeSeconds[kind] / 60;
    const minutes =
      options.minutes === undefined ? longest : wholeNumber('/--minutes', options.minutes, 1, 366 * 24 * 60);
    const key = readSigningKey(options.key);
    if (key.kinds && !key.kinds.includes(kind)) throw invalid('/--kind', key.kinds.join(' '));
    const scope = scopeOf(options, kind, subject, site);
    const order = { site, issuer, kind, subject, lifeSeconds: minutes * 60, scope };
    io.out(`${await issueToken(order, key, now)}\n`);
    return 0;
  });
}

/** A scope from filters, each of which leaves something: one that leaves nothing is a mistake. */
function scopeOf(
  options: IssueTokenOptions,
  kind: TokenKind,
  subject: string,
  site: string,
): Scope | undefined {
  const principal = { kind, name: subject, site, ...(kind === 'gateway' ? { gateway: subject } : {}) };
  const scope: { publish?: readonly string[]; subscribe?: readonly string[] } = {};
  for (const action of ['publish', 'subscribe'] as const) {
    const filters = options[action];
    if (!filters) continue;
    const allowed = allowedFilters(principal, action);
    const bad = filters.find(
      (filter) => !isTopicFilter(filter) || !allowed.some((one) => filtersOverlap(one, filter)),
    );
    if (bad !== undefined)
      throw invalid(`/--${action}`, `filters that meet one of: ${allowed.join(' ') || '–'}`);
    scope[action] = filters;
  }
  return scope.publish || scope.subscribe ? scope : undefined;
}

export interface InspectOptions {
  readonly lang?: string;
  readonly keys?: string;
  readonly site?: string;
  readonly issuer: string;
}

/** `watchpost token inspect`: what a token says; with keys and site also whether a broker would take it. */
export function inspectTokenCommand(
  token: string | undefined,
  { lang, keys, site, issuer }: InspectOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, lang, async (language) => {
    const { texts, faults } = identityTexts(language);
    const text = token ?? (await readLine(io.input, maxTokenBytes));
    const parts = text.split('.').slice(0, 2).map(decoded);
    if (text.length > maxTokenBytes || parts.length < 2 || parts.includes(undefined)) {
      io.out(`${texts.bad}: ${faults.malformed}\n`);
      return 1;
    }
    io.out(`${parts.map((part) => JSON.stringify(part)).join('\n')}\n`);
    if (keys === undefined || site === undefined) {
      io.out(`${texts.notChecked}\n`);
      return 0;
    }
    const config = tokensSchema.safeParse({ site, issuer, keys: readPublicKeys(keys) });
    if (!config.success) throw invalid('/--keys', 'public keys as `token new-key` printed them');
    const verified = await new TokenVerifier(config.data).verify(Buffer.from(text), now);
    if ('fault' in verified) io.out(`${texts.bad}: ${faults[verified.fault]}\n`);
    else io.out(`${texts.good}: ${verified.principal.kind} ${verified.principal.name}\n`);
    return 'fault' in verified ? 1 : 0;
  });
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

export interface RevokeTokenOptions {
  readonly lang?: string;
  readonly ca: string;
  readonly id?: string;
  readonly subject?: string;
  readonly key?: string;
}

/** `watchpost token revoke --id JTI | --subject SUB | --key KID`. */
export function revokeTokenCommand(options: RevokeTokenOptions, io: CommandIo = terminal, now = Date.now()) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const { ca, id, subject, key } = options;
    const targets: RevocationTarget[] = [
      ...(id === undefined ? [] : [{ token: id }]),
      ...(subject === undefined ? [] : [{ subject }]),
      ...(key === undefined ? [] : [{ key }]),
    ];
    const names = [id, subject, key].filter((name) => name !== undefined);
    if (targets.length === 0 || !names.every((name) => topicLevelPattern.test(name)))
      throw invalid('/--id', '--id, --subject or --key with 1–64 of A–Z a–z 0–9 _ -');
    await openAuthority(ca);
    for (const target of targets) await revoke(ca, target, now);
    io.out(`${texts.revoked}: ${names.join(' ')}\n`);
    return 0;
  });
}

/** The parser’s own message quotes the text, so it goes nowhere. */
function readJson(path: string, option: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw invalid(option, 'a readable JSON file');
  }
}

/** Refuses a file that others can read, as ssh does. */
function readSigningKey(path: string): TokenSigningKey {
  const json = readJson(path, '/--key');
  const parsed = signingKeySchema.safeParse(json);
  if (!parsed.success) throw invalid('/--key', 'a file that `token new-key` wrote');
  if ((statSync(path).mode & 0o077) !== 0)
    throw invalid('/--key', 'a file that only its owner can read (mode 0600)');
  const { kty, crv, x, d, kid, kinds } = parsed.data;
  return { kty, crv, x, d, kid, kinds };
}

/** Of a file with private keys only the public parts are taken. */
function readPublicKeys(path: string): unknown[] {
  const json = readJson(path, '/--keys');
  const list: unknown[] = Array.isArray(json) ? json : [json];
  return list.map((key) => {
    if (typeof key !== 'object' || key === null) return key;
    const { d: _private, ...rest } = key as Record<string, unknown>;
    return rest;
  });
}
