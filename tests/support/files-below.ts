import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every file below a folder by its path from there, without folders of the given names. */
export function filesBelow(folder: string, skipped: ReadonlySet<string>, from = folder): string[] {
  return readdirSync(from, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(from, entry.name);
    if (entry.isDirectory()) return filesBelow(folder, skipped, path);
    return entry.isFile() ? [relative(folder, path)] : [];
  });
}
