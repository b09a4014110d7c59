import { join, resolve } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { isHostName, positionSchema, timeZoneSchema } from '@watchpost/contracts/site';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { ownNames } from '../init/host-names.ts';
import { type InitStep, type InitWords, initServer } from '../init/init-server.ts';
import { initTexts } from '../init/init-texts.ts';
import { ownCommand, serialGroups } from '../init/own-command.ts';
import { initPolicy } from '../policy.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { wholeNumber } from './whole-number.ts';

export interface InitOptions {
  readonly site?: string;
  readonly name?: string;
  readonly nameEn?: string;
  readonly timeZone?: string;
  /** `latitude,longitude` of the north-west corner of the plan. */
  readonly at?: string;
  readonly host?: readonly string[];
  readonly port?: string;
  readonly user?: string;
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost init DIR`: makes what a server needs and is not there, asks nothing and changes nothing that is.
 * Exit code 0, 2 for an error.
 */
export function initCommand(
  folder: string,
  options: InitOptions,
  io: CommandIo = terminal,
  now = Date.now(),
): Promise<number> {
  return runCommand(io, options.lang, async ({ chinese }) => {
    const path = resolve(folder);
    const words = wordsOf(options, chinese);
    const { steps, link } = await initServer(path, words, now);
    if (options.json) {
      const named = (made: boolean) => steps.filter((step) => step.made === made).map((step) => step.path);
      io.out(
        `${JSON.stringify({ folder: path, made: named(true), kept: named(false), ...(link ? { link } : {}) })}\n`,
      );
    } else io.out(forPeople(path, steps, link?.url, chinese));
    return 0;
  });
}

const refused = (option: string, expected: string): WatchpostError =>
  new WatchpostError('config.invalid', { path: `/--${option}`, details: { expected } });

function wordsOf(options: InitOptions, chinese: boolean): InitWords {
  const { site: id = initPolicy.site, name, nameEn, user = initPolicy.serviceUser } = options;
  if (!siteIdSchema.safeParse(id).success) throw refused('site', '1–64 of A–Z a–z 0–9 _ -');
  for (const [option, text] of [
    ['name', name],
    ['name-en', nameEn],
  ] as const)
    if (text !== undefined && (text.length === 0 || text.length > 200)) throw refused(option, '1–200');
  const timeZone = options.timeZone ?? (Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  if (!timeZoneSchema.safeParse(timeZone).success) throw refused('time-zone', 'Asia/Shanghai');
  const names = options.host ?? ownNames();
  if (!names.every(isHostName)) throw refused('host', 'watch.example, 192.168.1.10');
  // useradd(8): what Linux takes for a user name.
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) throw refused('user', 'watchpost');
  return {
    site: {
      id,
      name: {
        chinese: name ?? nameEn ?? initTexts(true).siteName,
        english: nameEn ?? name ?? initTexts(false).siteName,
      },
      timeZone,
      ...positionOf(options.at),
    },
    isSiteNamed: options.site !== undefined,
    names,
    port:
      options.port === undefined ? initPolicy.consolePort : wholeNumber('/--port', options.port, 1, 65_535),
    user,
    command: ownCommand(),
    groups: serialGroups(),
    chinese,
  };
}

function positionOf(text: string | undefined) {
  if (text === undefined) return { latitude: 0, longitude: 0 };
  const [latitude, longitude] = text.split(',').map(Number);
  const position = positionSchema.safeParse({ latitude, longitude });
  if (!position.success) throw refused('at', '31.2304,121.4737');
  return position.data;
}

function forPeople(
  folder: string,
  steps: readonly InitStep[],
  link: string | undefined,
  chinese: boolean,
): string {
  const texts = initTexts(chinese);
  const lines = steps.map(({ path, made }) => `  ${path}: ${made ? texts.made : texts.kept}\n`);
  return [
    `${texts.server}: ${folder}\n`,
    ...lines,
    `\n${texts.next}\n`,
    `  ${texts.start}: watchpost up ${folder}\n`,
    `  ${texts.service}: ${join(folder, 'systemd', 'watchpost.service')}\n`,
    ...(link === undefined
      ? []
      : [`  ${texts.first}: ${link}\n`, `  ${texts.root}: ${new URL('/ca.crt', link).href}\n`]),
    `  ${texts.guide}: ${texts.guidePath}\n`,
  ].join('');
}
