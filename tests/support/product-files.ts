import { filesBelow } from './files-below.ts';

/** Folders with what is installed, built or left by a run. */
const notOurs = new Set(['node_modules', 'dist', '.git', '.watchpost', '.runtime', 'coverage', 'artifacts']);
const besideTheProduct =
  /^(tests|docs|\.ci)\/|\.(test|fuzz)\.tsx?$|(^|\/)(testing|server-tests|device-tests|conformance|bench|eval)\/|-testing\.ts$|-contract\.ts$/;

/**
 * Files of what runs at a site, and of the scripts that start it, by their paths from the root of the
 * repository: no tests, nothing that only tests use, no benches.
 * @param ending what the names of the wanted files end in
 */
export function productFiles(root: string, ending: RegExp): string[] {
  return filesBelow(root, notOurs).filter((path) => ending.test(path) && !besideTheProduct.test(path));
}
