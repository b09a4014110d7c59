import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { lockFolder } from '@watchpost/service';
import {
  editYaml,
  readVersion,
  replaceVersion,
  secretFolder,
  serverFileName,
} from '@watchpost/service/server-folder';
import { moveStore } from '../backup/move-store.ts';
import {
  newStoreTemplate,
  type ServerPlaces,
  serverPlaces,
  storeFolder,
  storeSource,
} from '../backup/server-places.ts';
import { backupTexts } from '../backup-texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface StoreMoveOptions {
  /** `embedded` or `server`. */
  readonly to: string;
  /** To a server: name of the secret with its address. */
  readonly secret?: string;
  readonly json: boolean;
  readonly lang?: string;
}

const refused = (option: string, expected: string) =>
  new WatchpostError('config.invalid', { path: `/--${option}`, details: { expected } });

/**
 * `watchpost store move DIR --to embedded|server`: copies the database of a stopped server into an empty one
 * and writes into `server.yaml` that it is the one from now on. The one before stays. Exit code 0, 2 for an
 * error: then the server goes on with the database that it had.
 */
export function storeMoveCommand(
  folder: string,
  { to, secret, json, lang }: StoreMoveOptions,
  io: CommandIo = terminal,
  nowMs = Date.now(),
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    if (to !== 'embedded' && to !== 'server') throw refused('to', 'embedded, server');
    if (io.environment.DATABASE_URL)
      throw new WatchpostError('config.invalid', { path: '/DATABASE_URL', details: { expected: 'not set' } });
    const places = serverPlaces(folder, io.environment, nowMs);
    const isEmbedded = places.databaseUrl === undefined;
    if (isEmbedded === (to === 'embedded')) throw refused('to', isEmbedded ? 'server' : 'embedded');
    const release = lockFolder(places.data);
    try {
      const moved = await (isEmbedded ? toServer(places, secret) : toEmbedded(places));
      const texts = backupTexts(chinese);
      io.out(
        json
          ? `${JSON.stringify({ to, ...moved })}\n`
          : `${texts.moved}: ${moved.rows} ${texts.rows}, ${texts.inForce} (${serverFileName})\n${texts.stays}: ${moved.before}\n`,
      );
      return 0;
    } finally {
      release();
    }
  });
}

/** What was moved, and where the database of before is. */
interface Done {
  readonly rows: number;
  readonly before: string;
}

async function toServer(places: ServerPlaces, secret: string | undefined): Promise<Done> {
  if (secret === undefined) throw refused('secret', 'NAME');
  const url = secretFolder(join(places.folder, 'secrets')).read(secret);
  if (!/^postgres(ql)?:\/\//.test(url))
    throw refused('secret', 'postgres://user:password@host:port/database');
  // Whoever has the data folder has the database in it, too; a service on its own may have it nevertheless.
  const release = lockFolder(storeFolder(places.data));
  const cluster = join(storeFolder(places.data), 'pg');
  const before = await freeName(join(storeFolder(places.data), 'moved-to-server'));
  try {
    const { rows } = await moveStore(storeSource(places), { kind: 'server', url });
    await setDatabase(places.folder, { secret });
    // Out of the way of a move back, which wants an empty place.
    await rename(cluster, before);
    return { rows, before };
  } finally {
    release();
  }
}

async function toEmbedded(places: ServerPlaces): Promise<Done> {
  const target = {
    kind: 'embedded',
    folder: storeFolder(places.data),
    template: await newStoreTemplate(),
  } as const;
  const { rows } = await moveStore(storeSource(places), target);
  await setDatabase(places.folder, undefined);
  // Its address has a password.
  return { rows, before: new URL(places.databaseUrl ?? '').host };
}

/** The first name that nothing has yet. */
async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number++) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
}

async function setDatabase(folder: string, value: { readonly secret: string } | undefined): Promise<void> {
  const path = join(folder, serverFileName);
  const version = readVersion(path);
  if (!version) throw new WatchpostError('site.unreadable', { path: serverFileName });
  const text = editYaml(version.bytes.toString('utf8'), serverFileName, [{ path: ['database'], value }]);
  await replaceVersion({ path, text, basedOn: version.digest });
}
