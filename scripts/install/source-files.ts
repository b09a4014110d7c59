import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Folders in one of our packages that hold nothing of what runs. */
const besideProduct = new Set([
  ...['node_modules', 'dist', 'coverage', 'bin', 'generated', 'fixtures', 'unused-dependency'],
  ...['testing', 'server-tests', 'device-tests', 'conformance', 'bench', 'eval', 'generate'],
]);
const testFile = /\.(?:test|fuzz)\.tsx?$|-(?:testing|contract)\.ts$|\.d\.ts$|^vitest\..*\.ts$|^README/;

/** Every file below a folder by its path from there, with `/`; without folders that `isSkipped` names. */
export function filesBelow(
  folder: string,
  isSkipped: (name: string) => boolean = () => false,
  from = folder,
): readonly string[] {
  return readdirSync(from, { withFileTypes: true }).flatMap((entry) => {
    const path = join(from, entry.name);
    if (entry.isDirectory()) return isSkipped(entry.name) ? [] : filesBelow(folder, isSkipped, path);
    return entry.isFile() ? [relative(folder, path).split(sep).join('/')] : [];
  });
}

/** The files of one of our packages that run at a site: no tests, nothing that only tests or benches use. */
export const runningFiles = (folder: string): readonly string[] =>
  filesBelow(folder, (name) => besideProduct.has(name)).filter(
    (path) => !testFile.test(path.slice(path.lastIndexOf('/') + 1)),
  );

/** What of the console runs outside browsers: the texts that the command line shares with it. */
export const isSharedText = (path: string): boolean =>
  path === 'package.json' || /^src\/texts\/zh-[a-z-]+\.ts$/.test(path);
