import {
  type CrossIssue,
  crossReferences,
  type Mistake,
  type OffDevice,
  offDevice,
  type SiteContext,
  type SiteFile,
  siteFileSchema,
  siteWarnings,
} from '@watchpost/contracts/site';
import { jsonPointer } from '@watchpost/contracts/wire';
import type { z } from 'zod';
import { serverFolderPolicy } from '../policy.ts';
import { mistakesOf, nearestName, valueAt } from './explain-issues.ts';
import { plainPasswords } from './plain-passwords.ts';
import { type PositionOf, readYaml } from './yaml-file.ts';

/** What a site file says, as far as it can be used. */
export interface ReadSite {
  /** Without the devices that have mistakes; absent where anything else has one. */
  readonly site: SiteFile | undefined;
  /** Devices that are switched off because of a mistake of theirs. */
  readonly off: readonly OffDevice[];
  /** In the order of the file, at most the policy’s number. */
  readonly mistakes: readonly Mistake[];
  /** How many more there are. */
  readonly unshown: number;
  /** What works, and may not do what somebody believes of it; for nothing of it a device is off. */
  readonly warnings: readonly Mistake[];
}

/** What is around a site file. */
export interface SiteFileContext extends SiteContext {
  /** Path from the server folder. */
  readonly file: string;
  /** Name of the folder that it is in. */
  readonly id: string;
}

/**
 * Reads a site file. A device with a mistake is switched off and the rest goes on; any other mistake makes
 * the file one that is not put into force.
 */
export function readSiteFile(bytes: Uint8Array, context: SiteFileContext): ReadSite {
  const { file } = context;
  const { value, positionOf, mistakes, unshown } = readYaml(bytes, file);
  if (mistakes.length > 0) return { site: undefined, off: [], mistakes, unshown, warnings: [] };
  const parsed = siteFileSchema.safeParse(value);
  const issues = parsed.success ? [] : parsed.error.issues;
  const found = withoutRepeats([
    ...mistakesOf(issues, { file, schema: siteFileSchema, value, positionOf }),
    ...[...crossReferences(value, context), ...plainPasswords(value)].map((issue) =>
      crossMistake(issue, file, value, positionOf),
    ),
    ...wrongFolder(value, context, positionOf),
  ]);
  const broken = new Set(found.flatMap(({ path }) => deviceOf(path) ?? []));
  const elsewhere = found.some(({ path }) => deviceOf(path) === undefined);
  return {
    site: elsewhere ? undefined : without(value, broken),
    off: [...broken].map((index) =>
      offDevice(valueAt(value, ['devices', index]), `/devices/${index}`, context.profiles),
    ),
    ...shown(found),
    warnings: siteWarnings(value)
      .map((issue) => crossMistake(issue, file, value, positionOf))
      .filter(({ path }) => !broken.has(deviceOf(path) ?? -1))
      .slice(0, serverFolderPolicy.mistakesShown),
  };
}

/** Index of the device that a mistake is in. */
function deviceOf(path: string): number | undefined {
  const [, list, index] = path.split('/');
  return list === 'devices' && index !== undefined && /^\d+$/.test(index) ? Number(index) : undefined;
}

/** Parses a file again, without the devices that have mistakes; what names them is left out too. */
function without(value: unknown, broken: ReadonlySet<number>): SiteFile | undefined {
  const written = value as z.input<typeof siteFileSchema>;
  const devices = written.devices?.filter((_device, index) => !broken.has(index));
  const parsed = siteFileSchema.safeParse({ ...written, devices });
  return parsed.success ? parsed.data : undefined;
}

function crossMistake(issue: CrossIssue, file: string, value: unknown, positionOf: PositionOf): Mistake {
  const { code, path, known, details } = issue;
  const name = String(valueAt(value, path));
  return {
    code,
    file,
    ...positionOf(path),
    path: jsonPointer(path),
    details: { ...(known ? { found: name, ...nearestName(name, known) } : {}), ...details },
  };
}

function wrongFolder(value: unknown, { file, id }: SiteFileContext, positionOf: PositionOf): Mistake[] {
  const found = valueAt(value, ['id']);
  if (typeof found !== 'string' || found === id) return [];
  return [
    { code: 'site.wrong_folder', file, ...positionOf(['id']), path: '/id', details: { found, expected: id } },
  ];
}

/** One mistake a place: what a schema says of it comes first. */
function withoutRepeats(mistakes: readonly Mistake[]): Mistake[] {
  const places = new Map(mistakes.toReversed().map((mistake) => [mistake.path, mistake]));
  return [...places.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** The first mistakes, and how many more there are. */
export function shown(mistakes: readonly Mistake[]): Pick<ReadSite, 'mistakes' | 'unshown'> {
  const first = mistakes.slice(0, serverFolderPolicy.mistakesShown);
  return { mistakes: first, unshown: mistakes.length - first.length };
}
