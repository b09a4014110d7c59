import { join } from 'node:path';
import { clusterTemplate, makeTemplate } from '@watchpost/alerting/cluster-template';
import { buildConsole } from './build-console.ts';
import { isInstallation, programFolder } from './program-folder.ts';

/** What is made once for this checkout and may be deleted at any time. */
const cacheFolder = join(programFolder, 'node_modules/.cache');

/** What a server needs and is not there after an installation from sources. */
export interface MadeOnce {
  readonly consoleFolder: string;
  /** A database that a new one is a copy of; undefined in an installation, which keeps none. */
  readonly template: string | undefined;
}

/**
 * The console, built from its sources, and a database that a new one is a copy of.
 * @param building told when the console has to be built
 */
export async function whatIsMadeOnce(dataFolder: string, building: () => void): Promise<MadeOnce> {
  const template = isInstallation ? undefined : await clusterTemplate(cacheFolder);
  let making: Promise<void> | undefined;
  const consoleFolder = await buildConsole(dataFolder, () => {
    building();
    // The first start after an installation: both take seconds. What fails here is tried again by the
    // database itself.
    if (template !== undefined) making = makeTemplate(template).catch(() => undefined);
  });
  await making;
  return { consoleFolder, template };
}

/**
 * Services keep what they compiled where the launcher says; an installation has no launcher that knows a
 * place, so it is the data folder there. Without it each process keeps the compiler: about 30 MB.
 */
export function keepCompiledCode(dataFolder: string): void {
  if (isInstallation) process.env.NODE_COMPILE_CACHE ??= join(dataFolder, 'cache');
}
