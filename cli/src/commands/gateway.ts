import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { AuditDetails } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { AuditNote } from '@watchpost/contracts/lists';
import { gatewayIdSchema, reservedGatewayIds, siteIdSchema } from '@watchpost/contracts/wire';
import { claimGateway, identityFiles, renewGateway } from '@watchpost/edge-agent/identity';
import { Revocations, readRevocations } from '@watchpost/identity';
import {
  authorityFolder,
  ClaimRegister,
  createAuthority,
  inviteGateway,
  issueServerCertificate,
  openAuthority,
  readmit,
  revoke,
  startClaimService,
} from '@watchpost/identity/authority';
import { certificatePolicy, claimCodePolicy } from '@watchpost/identity/policy';
import { pino } from 'pino';
import type { z } from 'zod';
import { identityTexts } from '../identity-texts.ts';
import { notedWork } from '../server/noted-work.ts';
import { serverOfAuthority } from '../server/server-of-authority.ts';
import { entryOf } from '../start/entry-of.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { readLine } from './read-line.ts';
import { runService } from './run-service.ts';
import { wholeNumber } from './whole-number.ts';

export interface AuthorityOptions {
  readonly lang?: string;
  /** The authority’s folder. */
  readonly ca: string;
}

const dayMs = 24 * 3_600_000;
const date = (ms: number): string => new Date(ms).toISOString();

function named<S extends z.ZodType<string>>(schema: S, value: string, path: string): string {
  if (schema.safeParse(value).success && !reservedGatewayIds.includes(value)) return value;
  const expected = '1–64 of A–Z a–z 0–9 _ -';
  throw new WatchpostError('config.invalid', { path, details: { expected } });
}
const gatewayId = (value: string) => named(gatewayIdSchema, value, '/GATEWAY');

/** `watchpost gateway new-ca --site SITE`: the site’s own authority. */
export function newCaCommand(
  options: AuthorityOptions & { site: string },
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const { fingerprint } = await createAuthority(
      options.ca,
      named(siteIdSchema, options.site, '/--site'),
      now,
    );
    io.out(
      `${texts.authorityMade}: ${options.ca}\n${texts.fingerprint}: ${fingerprint}\n${texts.keepSecret}\n`,
    );
    return 0;
  });
}

/** `watchpost gateway server-certificate --host NAME…`: for broker and claim service. */
export function serverCertificateCommand(
  options: AuthorityOptions & { host: readonly string[]; days: string },
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const bad = options.host.find((host) => !/^[A-Za-z0-9.:-]{1,253}$/.test(host));
    if (bad !== undefined)
      throw new WatchpostError('config.invalid', {
        path: '/--host',
        details: { expected: 'a name or an address' },
      });
    const lifeMs = wholeNumber('/--days', options.days, 1, certificatePolicy.longestLifeDays) * dayMs;
    const { notAfterMs } = await issueServerCertificate(options.ca, options.host, lifeMs, now);
    io.out(`${texts.serverMade}, ${texts.goodUntil} ${date(notAfterMs)}\n`);
    return 0;
  });
}

export interface ServeOptions extends AuthorityOptions {
  readonly host: string;
  readonly port: string;
  readonly metricsPort?: string;
  readonly days: string;
}

/**
 * `watchpost gateway serve`: the claim service, until a signal comes; SIGHUP reads the server certificate
 * again.
 */
export function serveClaimsCommand(options: ServeOptions, io: CommandIo = terminal) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const logger = pino(
      { name: 'claims', level: process.env.WATCHPOST_LOG_LEVEL ?? 'info' },
      pino.destination(2),
    );
    const { metricsPort } = options;
    const service = await startClaimService({
      folder: options.ca,
      host: options.host,
      port: wholeNumber('/--port', options.port, 0, 65_535),
      metricsPort:
        metricsPort === undefined ? undefined : wholeNumber('/--metrics-port', metricsPort, 0, 65_535),
      lifeDays: wholeNumber('/--days', options.days, 1, certificatePolicy.longestLifeDays),
      logger,
    });
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    io.out(`${texts.serving}: https://${host}:${service.port}\n`);
    process.on('SIGHUP', () => {
      service.reload().catch((error: unknown) => logger.error({ err: error }, 'certificates not read again'));
    });
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    await service.stop();
    return 0;
  });
}

/** `watchpost gateway invite GATEWAY`: prints a claim code, once. */
export function inviteCommand(
  gateway: string,
  options: AuthorityOptions & { minutes: string },
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const lifeMs = wholeNumber('/--minutes', options.minutes, 1, claimCodePolicy.longestLifeMinutes) * 60_000;
    const id = gatewayId(gateway);
    const noted = await noting(options.ca, io);
    const code = await noted(
      { action: 'gateway_invited', subject: subjectOf({ gateway: id }) },
      () => inviteGateway(options.ca, id, lifeMs, now),
      () => ({ until: date(now + lifeMs) }),
    );
    // the code alone on standard output, so that it can be passed on
    io.err(`${texts.codeFor} ${gateway}, ${texts.goodUntil} ${date(now + lifeMs)}. ${texts.onceOnly}\n`);
    io.err('watchpost gateway claim CODE --url https://…\n');
    io.out(`${code}\n`);
    return 0;
  });
}

export interface IdentityOptions {
  readonly lang?: string;
  readonly url: string;
  /** Folder of the gateway’s key and certificate. */
  readonly into: string;
}

function serviceUrl(url: string): string {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return url;
  throw new WatchpostError('config.invalid', { path: '/--url', details: { expected: 'https://host:port' } });
}

/** `watchpost gateway claim [CODE]`, on the gateway. */
export function claimCommand(code: string | undefined, options: IdentityOptions, io: CommandIo = terminal) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const text = code ?? (await readLine(io.input, 512));
    const claimed = await claimGateway(text, serviceUrl(options.url), options.into);
    const { site, gateway, serial, expiresMs, isTold, files } = claimed;
    io.out(
      `${texts.claimed}: ${site}/${gateway}, ${texts.serial} ${serial}, ${texts.goodUntil} ${date(expiresMs)}\n`,
    );
    io.out(`${files.ca}\n${files.gateway}\n`);
    if (isTold) io.out(`${texts.nowRun}: watchpost gateway run ${options.into}\n`);
    return 0;
  });
}

/** `watchpost gateway renew`, on the gateway. A running agent notices the new certificate within a minute. */
export function renewCommand(options: IdentityOptions, io: CommandIo = terminal) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    const { serial, notAfterMs } = await renewGateway(identityFiles(options.into), serviceUrl(options.url));
    io.out(`${texts.renewed}: ${texts.serial} ${serial}, ${texts.goodUntil} ${date(notAfterMs)}\n`);
    return 0;
  });
}

/** As the authority makes them; a gateway’s id is hardly ever 32 hexadecimal digits. */
const serialNumber = /^[0-9A-Fa-f]{31,40}$/;

const subjectOf = (what: { readonly serial: string } | { readonly gateway: string }) =>
  'serial' in what ? { kind: 'certificate', id: what.serial } : { kind: 'gateway', id: what.gateway };

/**
 * What does something and notes it for the audit log of the server that the authority belongs to. With
 * `notNoted` it is done even where that cannot be: somebody who steals a gateway does not wait for a disk.
 */
async function noting(ca: string, io: CommandIo, notNoted?: string) {
  const unnoted = (error: unknown): undefined => {
    if (notNoted === undefined) throw error;
    io.err(`${notNoted}: ${error instanceof Error ? error.message : String(error)}\n`);
  };
  const server = serverOfAuthority(ca);
  const dataOf = async (folder: string) => {
    const { serverPlaces } = await import('../backup/server-places.ts');
    return serverPlaces(folder, io.environment, Date.now()).data;
  };
  const data = server && (await dataOf(server.folder).catch(unnoted));
  return async <T>(
    about: Pick<AuditNote, 'action' | 'subject'>,
    work: () => Promise<T>,
    learnt: (result: T) => AuditDetails,
  ): Promise<T> =>
    server && data !== undefined
      ? notedWork(
          data,
          {
            ...{ work, learnt, note: { ...about, site: server.site, details: {} } },
            ...(notNoted === undefined ? {} : { unnoted }),
          },
          () => Date.now(),
        )
      : work();
}

/** `watchpost gateway revoke GATEWAY|SERIAL`. */
export function revokeCommand(
  target: string,
  options: AuthorityOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    await openAuthority(options.ca);
    const what = serialNumber.test(target) ? { serial: target } : { gateway: gatewayId(target) };
    const noted = await noting(options.ca, io, texts.notNoted);
    const serials = await noted(
      { action: 'gateway_revoked', subject: subjectOf(what) },
      () => revoke(options.ca, what, now),
      (revoked) => ({ certificates: revoked.length }),
    );
    io.out(`${texts.revoked}: ${target}, ${texts.certificates} ${serials.length}\n`);
    return 0;
  });
}

/** `watchpost gateway readmit GATEWAY`. */
export function readmitCommand(
  gateway: string,
  options: AuthorityOptions,
  io: CommandIo = terminal,
  now = Date.now(),
) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    await openAuthority(options.ca);
    const id = gatewayId(gateway);
    const noted = await noting(options.ca, io);
    const found = await noted(
      { action: 'gateway_readmitted', subject: subjectOf({ gateway: id }) },
      () => readmit(options.ca, id, now),
      (wasRevoked) => ({ wasRevoked }),
    );
    io.out(`${found ? texts.readmitted : texts.wasNotRevoked}: ${gateway}\n`);
    return found ? 0 : 1;
  });
}

/** The server’s certificate is not renewed by itself, so its end must be seen. */
function serverLine(file: string, name: string, goodUntil: string): string[] {
  if (!existsSync(file)) return [];
  const { serialNumber, validToDate } = new X509Certificate(readFileSync(file));
  return [`${name}\t${serialNumber}\t${goodUntil} ${validToDate.toISOString()}`];
}

/** `watchpost gateway list`: one line for the server’s certificate, each gateway’s, and each open code. */
export function listCommand(options: AuthorityOptions, io: CommandIo = terminal, now = Date.now()) {
  return runCommand(io, options.lang, async (language) => {
    const { texts } = identityTexts(language);
    await openAuthority(options.ca);
    const files = authorityFolder(options.ca);
    const revocations = new Revocations(await readRevocations(files.revocations));
    const register = new ClaimRegister(files.register);
    const lines = [
      ...serverLine(files.serverCertificate, texts.server, texts.goodUntil),
      ...register.certificates(now).map(({ gateway, serial, notAfterMs }) => {
        const out = revocations.hasSerial(serial) || revocations.hasGateway(gateway);
        return `${gateway}\t${serial}\t${texts.goodUntil} ${date(notAfterMs)}${out ? `\t${texts.revoked}` : ''}`;
      }),
      ...register
        .openInvitations(now)
        .map(
          ({ gateway, expiresMs }) => `${gateway}\t${texts.invited}\t${texts.goodUntil} ${date(expiresMs)}`,
        ),
    ];
    register.close();
    io.out(`${lines.length > 0 ? lines.join('\n') : texts.none}\n`);
    return 0;
  });
}

/**
 * `watchpost gateway run CONFIG`: the edge agent in the foreground. CONFIG may be the folder that `gateway
 * claim` wrote into: then the server tells everything.
 */
export function runGatewayCommand(
  config: string,
  options: { readonly lang?: string },
  io: CommandIo = terminal,
) {
  return runCommand(io, options.lang, () =>
    runService('edge', entryOf('@watchpost/edge-agent'), configFile(config), () => undefined),
  );
}

/** @throws WatchpostError `config.invalid` for a folder whose server said nothing */
function configFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return path;
  const { server } = identityFiles(path);
  if (existsSync(server)) return server;
  throw new WatchpostError('config.invalid', {
    path,
    details: { expected: 'server.json, as `gateway claim` writes it where the server tells gateways' },
  });
}
