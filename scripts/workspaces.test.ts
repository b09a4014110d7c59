import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readWorkspaces, withTheirNeeds } from './workspaces.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const foldersOf = (folders: readonly string[]) =>
  withTheirNeeds(readWorkspaces(root), folders).map(({ folder }) => folder);

it('every package of the list is there', () => {
  const folders = readWorkspaces(root).map(({ folder }) => folder);
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((folder) => !existsSync(join(root, folder, 'package.json')))).toEqual([]);
});

it('a package comes with what it needs, and what that needs', () => {
  expect(foldersOf(['contracts'])).toEqual(['contracts']);
  expect(foldersOf(['dashboards/console'])).toEqual([
    'contracts',
    'dashboards/console',
    'dashboards/riskmap',
  ]);
  expect(foldersOf(['edge-agent'])).toEqual([
    ...['contracts', 'service', 'passes', 'hardware', 'inference', 'edge-agent'],
  ]);
  expect(foldersOf(['cli'])).not.toContain('tests');
});
