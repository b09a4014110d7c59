import type { AccountAnswer, AccountCommand } from '@watchpost/alerting/accounts';
import { type Role, roleSchema, roles } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { adminSocketOf, askLocally } from '@watchpost/service';
import { readServerFolder } from '@watchpost/service/server-folder';
import { pino } from 'pino';
import { newStoreTemplate, type ServerPlaces, serverPlaces, storeFolder } from '../backup/server-places.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { consoleAddress, readSettings, serverSettings } from '../start/settings.ts';
import { userTexts } from '../user-texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { folderAndName } from './folder-first.ts';

export interface UserOptions {
  readonly json: boolean;
  readonly lang?: string;
}

/** An answer, and of a running server the port of its console. */
type Answered = AccountAnswer & { readonly port?: number };

/** `watchpost user list DIR`: who there is. */
export const listUsersCommand = (folder: string, options: UserOptions, io: CommandIo = terminal) =>
  runUser(folder, { command: 'list' }, options, io);

/**
 * `watchpost user add DIR NAME --role ROLE [--site ID]… [--zone SITE/ZONE]…`: makes an account, and prints
 * its one-time link.
 */
export function addUserCommand(
  first: string,
  second: string,
  options: UserOptions & {
    readonly role: string;
    readonly site: readonly string[];
    readonly zone?: readonly string[];
  },
  io: CommandIo = terminal,
): Promise<number> {
  const order = (name: string): AccountCommand => {
    const role = roleSchema.safeParse(options.role);
    if (!role.success) throw refused('--role', roles.join(', '));
    const bad = options.site.find((id) => !siteIdSchema.safeParse(id).success);
    if (bad !== undefined) throw refused('--site', '1–64 of A–Z a–z 0–9 _ -');
    const sites = options.site.length > 0 ? { sites: [...options.site] } : {};
    const zones = zonesOf(options.zone ?? [], options.site);
    return { command: 'add', name, role: role.data satisfies Role, ...sites, ...(zones ? { zones } : {}) };
  };
  return runNamed(first, second, order, options, io);
}

/** `watchpost user disable DIR NAME`: takes password, links and sessions away. */
export const disableUserCommand = (
  first: string,
  second: string,
  options: UserOptions,
  io: CommandIo = terminal,
) => runNamed(first, second, (name) => ({ command: 'disable', name }), options, io);

/** `watchpost user reset DIR NAME`: prints a one-time link that sets a new password. */
export const resetUserCommand = (
  first: string,
  second: string,
  options: UserOptions,
  io: CommandIo = terminal,
) => runNamed(first, second, (name) => ({ command: 'reset', name }), options, io);

/** `watchpost user link DIR`: prints a one-time link for the first administrator, while there is none. */
export const linkCommand = (folder: string, options: UserOptions, io: CommandIo = terminal) =>
  runUser(folder, { command: 'link' }, options, io);

/**
 * `SITE/ZONE` by site; each site is named with `--site` too, so that nobody gets the others of it by mistake.
 */
function zonesOf(wanted: readonly string[], sites: readonly string[]): Record<string, string[]> | undefined {
  const zones: Record<string, string[]> = {};
  for (const text of wanted) {
    const [site = '', zone = '', ...rest] = text.split('/');
    if (!sites.includes(site) || !zoneIdSchema.safeParse(zone).success || rest.length > 0)
      throw refused('--zone', 'SITE/ZONE with a site of --site');
    zones[site] = [...(zones[site] ?? []), zone];
  }
  return wanted.length > 0 ? zones : undefined;
}

const refused = (option: string, expected: string): WatchpostError =>
  new WatchpostError('config.invalid', { path: `/${option}`, details: { expected } });

/** A command about one account: the folder first, or last as in earlier versions. */
function runNamed(
  first: string,
  second: string,
  order: (name: string) => AccountCommand,
  options: UserOptions,
  io: CommandIo,
): Promise<number> {
  const { folder, name, isOldOrder } = folderAndName(first, second);
  return runUser(folder, () => order(name), options, io, isOldOrder);
}

function runUser(
  folder: string,
  order: AccountCommand | (() => AccountCommand),
  { json, lang }: UserOptions,
  io: CommandIo,
  isOldOrder = false,
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    if (isOldOrder) io.err(`${userTexts(chinese).folderFirst}\n`);
    const command = typeof order === 'function' ? order() : order;
    const nowMs = Date.now();
    const places = serverPlaces(folder, io.environment, nowMs);
    if (command.command === 'add') requireSites(places.folder, command, nowMs);
    const answer = await answerOf(places, command);
    const link = answer.link && {
      url: `${pageOf(places, io.environment, answer.port)}/welcome#${answer.link.token}`,
      expires: answer.link.expires,
    };
    if (json) {
      const { accounts } = answer;
      io.out(`${JSON.stringify({ ...(accounts ? { accounts } : {}), ...(link ? { link } : {}) })}\n`);
      return 0;
    }
    const texts = userTexts(chinese);
    for (const { name, roles, zones = {}, state } of answer.accounts ?? []) {
      const where = Object.entries(roles).map(
        ([site, role]) =>
          `${site === '*' ? texts.every : site}: ${role}${zones[site] ? ` (${zones[site].join(', ')})` : ''}`,
      );
      io.out(`${name}  ${texts.states[state]}  ${where.join(', ')}\n`);
    }
    if (answer.accounts?.length === 0) io.out(`${texts.none}\n`);
    if (command.command === 'disable') io.out(`${texts.disabled}: ${command.name}\n`);
    if (link) {
      // The link alone on standard output, so that it can be passed on.
      io.err(`${texts.link} (${texts.until} ${link.expires})\n`);
      io.out(`${link.url}\n`);
    }
    return 0;
  });
}

/** A role on a site, or a zone, that is not there would come into force by surprise, once it is. */
function requireSites(
  folder: string,
  { sites = [], zones = {} }: Extract<AccountCommand, { command: 'add' }>,
  nowMs: number,
): void {
  const known = readServerFolder(folder, hardwareKinds(), nowMs).sites;
  if (sites.some((site) => !known.has(site))) throw refused('--site', [...known.keys()].join(', '));
  for (const [site, wanted] of Object.entries(zones)) {
    const there = known.get(site)?.site?.zones.map(({ id }) => id) ?? [];
    if (wanted.some((zone) => !there.some((id) => id === zone)))
      throw refused('--zone', there.map((id) => `${site}/${id}`).join(', '));
  }
}

async function answerOf(places: ServerPlaces, command: AccountCommand): Promise<Answered> {
  const running = await askLocally(adminSocketOf(places.data), command);
  if (running) return running.value as Answered;
  const { runOnStore } = await import('@watchpost/alerting/accounts');
  const around = { logger: pino({ level: 'silent' }), nowMs: () => Date.now() };
  const { databaseUrl } = places;
  if (databaseUrl !== undefined) return runOnStore({ kind: 'server', url: databaseUrl }, command, around);
  const data = takeDataFolder(places.data);
  try {
    const template = await newStoreTemplate();
    const store = { kind: 'embedded' as const, folder: storeFolder(places.data) };
    return await runOnStore({ ...store, ...(template ? { template } : {}) }, command, around);
  } finally {
    data.release();
  }
}

function pageOf(
  { folder, data }: ServerPlaces,
  environment: CommandIo['environment'],
  port: number | undefined,
): string {
  const { server, secrets } = readServerFolder(folder, hardwareKinds(), Date.now());
  if (!server.settings) return '';
  const settings = readSettings(environment, data, serverSettings(server.settings, secrets));
  return settings.publicUrl ?? consoleAddress(settings, port ?? settings.httpPort);
}
