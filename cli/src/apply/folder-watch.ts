import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ruleSetNames, ruleSetPath, serverFileName, siteFilePath } from '@watchpost/service/server-folder';

/**
 * Follows the settings files of a server folder. A change counts when two looks in a row find the same, so
 * that nothing is read while it is being written; looking works on every disk, and finds what editors put in
 * place.
 */
export class FolderWatch {
  readonly #folder: string;
  readonly #everyMs: number;
  readonly #onChange: () => void;
  #counted: string;
  #seen: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string, everyMs: number, onChange: () => void) {
    this.#folder = folder;
    this.#everyMs = everyMs;
    this.#onChange = onChange;
    this.#counted = this.#seen = fingerprint(folder);
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const found = fingerprint(this.#folder);
    const isSettled = found === this.#seen;
    this.#seen = found;
    if (!isSettled || found === this.#counted) return;
    this.#counted = found;
    this.#onChange();
  }
}

/** Another one whenever a settings file or the list of secrets is. */
function fingerprint(folder: string): string {
  const sites = namesIn(join(folder, 'sites')).flatMap((site) => [
    siteFilePath(site),
    ...ruleSetNames(folder, site).map((name) => ruleSetPath(site, name)),
  ]);
  return [serverFileName, ...sites, 'secrets']
    .map((path) => `${path} ${stamp(join(folder, path))}`)
    .join('\n');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function stamp(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : 'missing';
}
