import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { absentPart, isInstalled, missingPackages, type Part, partWorkspaces } from './installed-parts.ts';

const program = mkdtempSync(join(tmpdir(), 'watchpost-parts-'));
afterAll(() => rmSync(program, { recursive: true, force: true }));

function put(folder: string, manifest: object): void {
  mkdirSync(join(program, folder), { recursive: true });
  writeFileSync(join(program, folder, 'package.json'), JSON.stringify(manifest));
}

it('a part is there when every package that its own packages need is found', () => {
  put('flows', { name: '@watchpost/flows', dependencies: { '@watchpost/service': '*', 'node-red': '5' } });
  expect(missingPackages('flows', program)).toEqual(['node-red']);
  put('node_modules/node-red', { name: 'node-red', version: '5.0.7' });
  expect(missingPackages('flows', program)).toEqual([]);
});

it('a checkout has every part', () => {
  expect((Object.keys(partWorkspaces) as Part[]).filter((part) => !isInstalled(part))).toEqual([]);
});

it('what draws the demo is missing where its package is there without it', () => {
  put('inference', { name: '@watchpost/inference' });
  put('demo', { name: '@watchpost/demo', dependencies: { sharp: '1' } });
  expect(missingPackages('demo', program)).toEqual(['sharp']);
});

it('a command whose package was left out says which; any other fault stays what it is', async () => {
  const load = (name: string) => import(name).catch((error: unknown) => error);
  const file = pathToFileURL(join(program, 'command.mjs')).href;
  writeFileSync(join(program, 'command.mjs'), "import 'left-out';");
  writeFileSync(join(program, 'broken.mjs'), "import './nowhere.mjs';");
  const error = await load(file);
  expect(absentPart(error, true)).toMatchObject({
    code: 'install.part_absent',
    details: { missing: 'left-out' },
  });
  expect(absentPart(error, false)).toBeUndefined();
  expect(absentPart(await load(file.replace('command', 'broken')), true)).toBeUndefined();
});
