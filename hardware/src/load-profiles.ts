import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith } from '@watchpost/contracts/wire';
import { type HardwareProfile, hardwareProfileSchema } from './profile.ts';

/** The folder of profiles that comes with this package. */
export const profileFolder = fileURLToPath(new URL('../profiles/', import.meta.url));

/**
 * Checks one profile; `origin` names it in the error, e.g. its file.
 * @throws WatchpostError `config.invalid` with `origin` followed by the JSON pointer of the offending field.
 */
export function parseProfile(value: unknown, origin: string): HardwareProfile {
  return parseWith(hardwareProfileSchema, value, 'config.invalid', origin);
}

/**
 * All profiles of a folder by id.
 * @throws WatchpostError `config.invalid` for a file that is not JSON, does not match the schema, or whose
 *   name is not `{id}.json`.
 */
export function loadProfiles(folder: string = profileFolder): ReadonlyMap<string, HardwareProfile> {
  const profiles = new Map<string, HardwareProfile>();
  for (const file of readdirSync(folder).toSorted()) {
    if (!file.endsWith('.json')) continue;
    const profile = parseProfile(readJson(`${folder}/${file}`, file), file);
    if (`${profile.id}.json` !== file) {
      throw new WatchpostError('config.invalid', {
        path: `${file}/id`,
        details: { expected: file.slice(0, -'.json'.length) },
      });
    }
    profiles.set(profile.id, profile);
  }
  return profiles;
}

function readJson(path: string, origin: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new WatchpostError('config.invalid', { path: origin, details: { expected: 'JSON' }, cause });
  }
}
