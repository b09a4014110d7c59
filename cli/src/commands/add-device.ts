import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  editYaml,
  type FileVersion,
  readSiteFile,
  readVersion,
  readYaml,
  replaceVersion,
  secretFolder,
  serverFileName,
  siteFilePath,
} from '@watchpost/service/server-folder';
import { mistakeLines } from '../mistake-lines.ts';
import { type Addable, addable, type DeviceWords, deviceEntry } from '../server/device-entry.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import { serverFolderTexts } from '../server-folder-texts.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface AddOptions extends Omit<DeviceWords, 'set'> {
  /** Folder name of the site, where there are several. */
  readonly site?: string;
  /** `path=value`, the value as YAML. */
  readonly set: readonly string[];
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost add camera|reader|sensor DIR`: adds a device to a site file, comments kept. Exit code 1 when it
 * would have a mistake: then nothing is written and the mistakes are said.
 */
export function addDeviceCommand(
  what: string,
  folder: string,
  options: AddOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, options.lang, async (texts) => {
    const place = siteIn(resolve(folder), options.site);
    const before = place.read(place.version.bytes);
    if (!before.site) throw new WatchpostError('site.cannot_edit', { path: place.file });
    const entry = deviceEntry(addableOf(what), { ...options, set: options.set.map(assignment) }, before.site);
    const text = editYaml(place.version.bytes.toString('utf8'), place.file, [
      { path: ['devices', '-'], value: entry },
    ]);
    const { value, positionOf } = readYaml(Buffer.from(text), place.file);
    const index = (value as { devices: unknown[] }).devices.length - 1;
    const mistakes = place
      .read(Buffer.from(text))
      .mistakes.filter(({ path }) => path === `/devices/${index}` || path.startsWith(`/devices/${index}/`));
    for (const mistake of mistakes)
      io.out(options.json ? `${JSON.stringify(mistake)}\n` : `${mistakeLines(mistake, texts)}\n`);
    if (mistakes.length > 0) return 1;
    await replaceVersion({ path: place.path, text, basedOn: place.version.digest });
    const added = { added: options.id, file: place.file, line: positionOf(['devices', index]).line };
    const words = serverFolderTexts(texts.chinese);
    io.out(
      options.json
        ? `${JSON.stringify(added)}\n`
        : `${words.added}: ${added.added} (${added.file}:${added.line}). ${words.nextStart}\n`,
    );
    return 0;
  });
}

interface SitePlace {
  readonly path: string;
  /** Path from the server folder. */
  readonly file: string;
  readonly version: FileVersion;
  read(bytes: Uint8Array): ReturnType<typeof readSiteFile>;
}

/** @throws WatchpostError `config.invalid` where the site has to be named, `site.unreadable` */
function siteIn(folder: string, named: string | undefined): SitePlace {
  const id = siteNamed(folder, named);
  const file = siteFilePath(id);
  const path = join(folder, file);
  const version = existsSync(path) ? readVersion(path) : undefined;
  if (!version) throw new WatchpostError('site.unreadable', { path });
  const context = {
    file,
    id,
    profiles: hardwareKinds(),
    nowMs: Date.now(),
    hasSecret: secretFolder(join(folder, 'secrets')).has,
  };
  return { path, file, version, read: (bytes) => readSiteFile(bytes, context) };
}

/** The site that is meant: the only one where nobody says. */
function siteNamed(folder: string, named: string | undefined): string {
  let sites: string[];
  try {
    sites = readdirSync(join(folder, 'sites'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch (cause) {
    const isServer = existsSync(join(folder, serverFileName));
    throw new WatchpostError('site.unreadable', {
      path: join(folder, isServer ? 'sites' : serverFileName),
      cause,
    });
  }
  const id = named ?? (sites.length === 1 ? sites[0] : undefined);
  if (id !== undefined && sites.includes(id)) return id;
  throw new WatchpostError('config.invalid', { path: '/--site', details: { expected: sites.join(', ') } });
}

function addableOf(what: string): Addable {
  if (Object.hasOwn(addable, what)) return what as Addable;
  throw new WatchpostError('config.invalid', {
    path: '/what',
    details: { expected: Object.keys(addable).join(', '), found: what.slice(0, 40) },
  });
}

function assignment(text: string): DeviceWords['set'][number] {
  const [, path, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new WatchpostError('config.invalid', {
      path: '/--set',
      details: { expected: 'connect.topic=hall/door' },
    });
  const read = readYaml(Buffer.from(value), '--set');
  return { path: path.split('.'), value: read.mistakes.length > 0 ? value : read.value };
}
