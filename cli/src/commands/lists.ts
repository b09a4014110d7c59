import { join } from 'node:path';
import { type ListsCommand, onStoppedLists } from '@watchpost/alerting/governance';
import { enrolmentFolder, type Rekeyed } from '@watchpost/contracts/enrolment';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { adminSocketOf, askLocally } from '@watchpost/service';
import { readServerFolder } from '@watchpost/service/server-folder';
import { pino } from 'pino';
import { newStoreTemplate, type ServerPlaces, serverPlaces, storeFolder } from '../backup/server-places.ts';
import { listsTexts } from '../lists-texts.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { entryOf } from '../start/entry-of.ts';
import { isInstalled } from '../start/installed-parts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface RekeyOptions {
  readonly json: boolean;
  readonly lang?: string;
  /** None: every site of the server. */
  readonly site: readonly string[];
  /** For the audit log. */
  readonly reason?: string;
}

/**
 * `watchpost lists rekey DIR`: new gallery keys, on a server that runs and on one that does not. Exit code 0;
 * 1 where templates could not be read and are gone, so that these entries need a photo again; 2 for an error.
 */
export function rekeyCommand(
  folder: string,
  { json, lang, site: wanted, reason }: RekeyOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const nowMs = () => Date.now();
    const places = serverPlaces(folder, io.environment, nowMs());
    const texts = listsTexts(chinese);
    const sites: { site: string; entries: number; lost: readonly string[]; isRunning: boolean }[] = [];
    for (const site of sitesOf(places, wanted, nowMs())) {
      const { isRunning, ...rekeyed } = await rekey(
        { command: 'rekey', site, reason: reason ?? null },
        places,
        nowMs,
      );
      sites.push({ site, ...rekeyed, isRunning });
      if (json) continue;
      io.out(`${site}: ${texts.rekeyed} (${rekeyed.entries} ${texts.entries})\n`);
      io.out(`${isRunning ? texts.taken : texts.nextStart}\n`);
      for (const entry of rekeyed.lost) io.err(`${texts.lost}: ${entry}\n`);
    }
    if (json) io.out(`${JSON.stringify({ sites })}\n`);
    return sites.some(({ lost }) => lost.length > 0) ? 1 : 0;
  });
}

/** @throws WatchpostError `config.invalid` for a site that is not there */
function sitesOf({ folder }: ServerPlaces, wanted: readonly string[], nowMs: number): readonly SiteId[] {
  const known = [...readServerFolder(folder, hardwareKinds(), nowMs).sites.keys()] as SiteId[];
  if (wanted.length === 0) return known;
  const bad = wanted.find((id) => !known.some((one) => one === id));
  if (bad !== undefined)
    throw new WatchpostError('config.invalid', {
      path: '/--site',
      details: { found: bad, expected: known.join(', ') },
    });
  return known.filter((id) => wanted.includes(id));
}

async function rekey(
  command: ListsCommand,
  { data: dataFolder, databaseUrl }: ServerPlaces,
  nowMs: () => number,
): Promise<Rekeyed & { readonly isRunning: boolean }> {
  const running = await askLocally(adminSocketOf(dataFolder), command);
  if (running) {
    const { entries, lost } = running.value as Rekeyed;
    return { entries, lost, isRunning: true };
  }
  const data = takeDataFolder(dataFolder);
  try {
    const template = databaseUrl === undefined ? await newStoreTemplate() : undefined;
    const embedded = { kind: 'embedded' as const, folder: storeFolder(dataFolder) };
    const rekeyed = await onStoppedLists(command, {
      store:
        databaseUrl === undefined
          ? { ...embedded, ...(template ? { template } : {}) }
          : { kind: 'server', url: databaseUrl },
      dataFolder,
      enrolment: {
        ...(isInstalled('enrolment') ? { entry: entryOf('@watchpost/enrolment') } : {}),
        folder: join(dataFolder, enrolmentFolder),
        socket: join(dataFolder, 'photos.sock'),
      },
      logger: pino({ level: 'silent' }),
      nowMs,
    });
    return { ...rekeyed, isRunning: false };
  } finally {
    data.release();
  }
}
