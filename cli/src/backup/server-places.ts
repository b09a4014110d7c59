import { existsSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { clusterTemplate } from '@watchpost/alerting/cluster-template';
import type { StoreSource } from '@watchpost/alerting/export';
import { readServerFolder } from '@watchpost/service/server-folder';
import { firstOf } from '../server/first-mistake.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import { serverPaths } from '../server/server-paths.ts';
import { isInstallation, programFolder } from '../start/program-folder.ts';
import { dataFolderOf, readSettings, serverSettings } from '../start/settings.ts';

/** Where the parts of a server are, absolute. */
export interface ServerPlaces {
  /** The server folder. */
  readonly folder: string;
  readonly data: string;
  /** A PostgreSQL server; the embedded database when undefined. */
  readonly databaseUrl: string | undefined;
}

/**
 * Reads where a server’s parts are. Mistakes in a site do not matter here.
 * @throws WatchpostError `site.*` for a mistake in `server.yaml`, `config.invalid`, `config.secret_readable`
 */
export function serverPlaces(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  nowMs: number,
): ServerPlaces {
  const absolute = resolve(folder);
  const { server, mistakes, secrets } = readServerFolder(absolute, hardwareKinds(), nowMs);
  if (!server.settings) throw firstOf(mistakes, absolute);
  const usual = serverPaths(absolute, server.settings).data;
  const data = dataFolderOf(environment, process.cwd(), usual);
  const { databaseUrl } = readSettings(environment, data, serverSettings(server.settings, secrets));
  return { folder: absolute, data, databaseUrl };
}

/**
 * Folder of an empty database that new ones are copied from, in a checkout: making one takes seconds.
 */
export const newStoreTemplate = async (): Promise<string | undefined> =>
  isInstallation ? undefined : clusterTemplate(join(programFolder, 'node_modules/.cache'));

/** Where the embedded database is. */
export const storeFolder = (data: string): string => join(data, 'store');

/** The database of a server as the source of a copy. */
export function storeSource({ data, databaseUrl }: ServerPlaces): StoreSource {
  if (databaseUrl !== undefined) return { kind: 'server', url: databaseUrl };
  return { kind: 'embedded', folder: storeFolder(data), scratch: join(data, `backup-copy-${process.pid}`) };
}

/** Path of a folder from another one that it lies in; undefined when it does not. */
export function pathBelow(outer: string, inner: string): string | undefined {
  const real = (path: string) => (existsSync(path) ? realpathSync(path) : path);
  const path = relative(real(outer), real(inner));
  return path === '' || path.startsWith('..') || path.startsWith(sep) ? undefined : path;
}
