import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadProfiles } from './load-profiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-profiles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('every supported device has a profile with a name in both languages', () => {
  const profiles = [...loadProfiles().values()];
  expect([...new Set(profiles.map(({ kind }) => kind))].toSorted()).toEqual([
    'camera',
    'code_reader',
    'door_contact',
    'smoke',
    'temperature',
  ]);
  for (const { name } of profiles) expect(name['zh-CN']).toMatch(/\p{Script=Han}/u);
});

const smoke = {
  schema: 1,
  id: 'x',
  kind: 'smoke',
  name: { 'zh-CN': '烟感', en: 'Smoke' },
  drivers: ['simulator'],
};

test.each([
  ['not JSON', '{', 'x.json'],
  ['a missing language', JSON.stringify({ ...smoke, name: { en: 'Smoke' } }), 'x.json/name/zh-CN'],
  ['an unknown field', JSON.stringify({ ...smoke, colour: 'red' }), 'x.json/colour'],
  ['an unknown driver', JSON.stringify({ ...smoke, drivers: ['psychic'] }), 'x.json/drivers/0'],
  ['a name that is not the id', JSON.stringify({ ...smoke, id: 'y' }), 'x.json/id'],
])('%s is refused with its path', (_what, text, path) => {
  writeFileSync(join(folder, 'x.json'), text);
  expect(() => loadProfiles(folder)).toThrow(expect.objectContaining({ code: 'config.invalid', path }));
});
