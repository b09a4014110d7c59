import { fileURLToPath } from 'node:url';

/** Path of the `main.ts` beside a package’s entry: what runs the package as a process of its own. */
export function entryOf(packageName: string): string {
  return fileURLToPath(new URL('./main.ts', import.meta.resolve(packageName)));
}
