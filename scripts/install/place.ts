import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { installationMark } from '../../cli/src/start/program-folder.ts';
import { WatchpostError } from '../../contracts/src/errors/index.ts';
import { lockFolder } from '../../service/src/folder-lock.ts';

/**
 * Builds a whole tree beside `wanted`, then puts it there. What is there already must be an installation, or
 * empty; it stays as it is until the new one is whole, and a run that was killed is tidied up by the next.
 * @param checkout must not take the installation in, nor lie in it
 * @param build fills the folder it gets
 * @returns where the installation is
 * @throws WatchpostError `install.place`, `install.busy`, `install.failed`, and what `build` throws
 */
export async function putInPlace(
  wanted: string,
  checkout: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const place = realPlace(resolve(wanted), checkout);
  const work = `${place}.installing`;
  const release = take(work);
  const [draft, before] = [join(work, 'new'), join(work, 'before')];
  // Whoever was killed between the two moves below left nothing in place.
  const putBack = (): void => {
    if (existsSync(before) && !existsSync(place)) renameSync(before, place);
    for (const left of [draft, before]) rmSync(left, { recursive: true, force: true });
  };
  try {
    putBack();
    refuseStranger(place);
    mkdirSync(draft, { mode: 0o755 });
    await build(draft);
    if (existsSync(place)) renameSync(place, before);
    renameSync(draft, place);
    return place;
  } catch (error) {
    throw error instanceof WatchpostError ? error : failed(place, error);
  } finally {
    putBack();
    release();
    removeEmpty(work);
  }
}

/** Not more than that: the next installation may have begun in there. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is somebody else’s by now.
  }
}

const failed = (folder: string, error: unknown): WatchpostError =>
  new WatchpostError('install.failed', {
    path: folder,
    details: { reason: error instanceof Error ? error.message : String(error) },
    cause: error,
  });

/** The folder by its real path; the folders above it are made. @throws WatchpostError `install.place` */
function realPlace(wanted: string, checkout: string): string {
  try {
    mkdirSync(dirname(wanted), { recursive: true, mode: 0o755 });
    const place = existsSync(wanted)
      ? realpathSync(wanted)
      : join(realpathSync(dirname(wanted)), basename(wanted));
    const home = realpathSync(checkout);
    const isWithin = (inner: string, outer: string): boolean =>
      `${inner}${sep}`.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`);
    if (isWithin(place, home) || isWithin(home, place))
      throw new WatchpostError('install.place', { path: place, details: { checkout: home } });
    return place;
  } catch (error) {
    throw error instanceof WatchpostError ? error : failed(wanted, error);
  }
}

/** @throws WatchpostError `install.place` where something else is there */
function refuseStranger(place: string): void {
  if (!existsSync(place)) return;
  const refused = new WatchpostError('install.place', {
    path: place,
    details: { expected: installationMark },
  });
  if (!statSync(place).isDirectory()) throw refused;
  if (readdirSync(place).length > 0 && !existsSync(join(place, installationMark))) throw refused;
}

/** @throws WatchpostError `install.busy`, `install.failed` */
function take(work: string): () => void {
  try {
    return lockFolder(work);
  } catch (error) {
    if (error instanceof WatchpostError && error.details.process !== undefined)
      throw new WatchpostError('install.busy', { path: work, details: { process: error.details.process } });
    throw failed(work, error);
  }
}
