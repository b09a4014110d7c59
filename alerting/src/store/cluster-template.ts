import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '@watchpost/service';

/** Version of PGlite, which another version's clusters may not fit. */
export async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(await readFile(join(entry, '../../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/**
 * Where an empty cluster of this version is kept below `cacheFolder`, for new databases to be copied from.
 */
export const clusterTemplate = async (cacheFolder: string): Promise<string> =>
  join(cacheFolder, `watchpost-cluster-${await pgliteVersion()}`);

/** Whether a whole cluster is there: it is moved to its place when it is. */
const isThere = (folder: string): Promise<boolean> =>
  stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );

/** Moves a whole cluster to its place; one that somebody else put there meanwhile is as good. */
async function put(draft: string, place: string): Promise<void> {
  try {
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isThere(place))) throw error;
  }
}

/**
 * Makes an empty cluster, which takes seconds, unless one is there. `image` is the path of a tar to begin
 * with. What an earlier attempt left at `draft` is taken away: the caller is alone there.
 */
export async function makeCluster(place: string, image?: string, draft = `${place}.new`): Promise<void> {
  if (await isThere(place)) return;
  await mkdir(dirname(place), { recursive: true });
  await rm(draft, { recursive: true, force: true });
  const script = fileURLToPath(new URL('./make-data-folder.ts', import.meta.url));
  const child = fork(script, image === undefined ? [draft] : [draft, image], {
    stdio: 'ignore',
    execArgv: [...nodeFlags],
  });
  // It is busy for seconds and would outlive us.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  process.removeListener('exit', kill);
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(`making the database ended with ${code}`);
  }
  await put(draft, place);
}

/** The same for a template, which several may make at once. */
export const makeTemplate = (template: string, image?: string): Promise<void> =>
  makeCluster(template, image, `${template}.${randomUUID()}.new`);

/**
 * Makes a cluster as a copy of the one at `template`, which is made when it is not there. The caller is alone
 * at `place`.
 */
export async function copyCluster(place: string, template: string): Promise<void> {
  await makeTemplate(template);
  const draft = `${place}.new`;
  await rm(draft, { recursive: true, force: true });
  await cp(template, draft, { recursive: true });
  await put(draft, place);
}
