import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { putInPlace } from './place.ts';

let top: string;
let checkout: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'watchpost-place-')));
  checkout = join(top, 'checkout');
  mkdirSync(checkout);
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const build = (version: string) => async (folder: string) => {
  writeFileSync(join(folder, 'program'), version);
  writeFileSync(join(folder, 'installed.json'), '{}');
};
const install = (place: string, version = 'new') => putInPlace(place, checkout, build(version));
const installedAt = (place: string) => readFileSync(join(place, 'program'), 'utf8');

it('makes the folders above, and leaves nothing beside', async () => {
  expect(await install(join(top, 'opt/watchpost'))).toBe(join(top, 'opt/watchpost'));
  expect(installedAt(join(top, 'opt/watchpost'))).toBe('new');
  expect(readdirSync(join(top, 'opt'))).toEqual(['watchpost']);
});

it('replaces an installation, also behind a link, and takes an empty folder', async () => {
  await install(join(top, 'a'), 'old');
  symlinkSync(join(top, 'a'), join(top, 'link'));
  expect(await install(join(top, 'link'))).toBe(join(top, 'a'));
  expect(installedAt(join(top, 'a'))).toBe('new');
  mkdirSync(join(top, 'empty'));
  await install(join(top, 'empty'));
  expect(readdirSync(top).sort()).toEqual(['a', 'checkout', 'empty', 'link']);
});

it('refuses what is somebody else’s, and the checkout with what it lies in', async () => {
  mkdirSync(join(top, 'home'));
  writeFileSync(join(top, 'home/letter'), '');
  writeFileSync(join(top, 'file'), '');
  for (const place of ['home', 'file', 'checkout', 'checkout/inside', '.'])
    await expect(install(join(top, place)), place).rejects.toMatchObject({ code: 'install.place' });
  expect(readdirSync(top).sort()).toEqual(['checkout', 'file', 'home']);
});

it('keeps what was there until the new one is whole', async () => {
  await install(join(top, 'a'), 'old');
  const broken = putInPlace(join(top, 'a'), checkout, async (folder) => {
    writeFileSync(join(folder, 'half'), '');
    throw new Error('no space left on device');
  });
  await expect(broken).rejects.toMatchObject({
    code: 'install.failed',
    details: { reason: 'no space left on device' },
  });
  expect(installedAt(join(top, 'a'))).toBe('old');
  expect(readdirSync(top).sort()).toEqual(['a', 'checkout']);
});

it('tidies up after one that was killed, also between the two moves', async () => {
  await install(join(top, 'a'), 'old');
  mkdirSync(join(top, 'a.installing/new'), { recursive: true });
  writeFileSync(join(top, 'a.installing/new/half'), '');
  renameSync(join(top, 'a'), join(top, 'a.installing/before'));
  // The next attempt fails: what was there is back all the same.
  const broken = putInPlace(join(top, 'a'), checkout, () => Promise.reject(new Error('no')));
  await expect(broken).rejects.toMatchObject({ code: 'install.failed' });
  expect(installedAt(join(top, 'a'))).toBe('old');
  await install(join(top, 'a'));
  expect(installedAt(join(top, 'a'))).toBe('new');
  expect(existsSync(join(top, 'a.installing'))).toBe(false);
});

it('two at once: the second is refused', async () => {
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const first = putInPlace(join(top, 'a'), checkout, async (folder) => {
    await go;
    await build('first')(folder);
  });
  await expect(install(join(top, 'a'))).rejects.toMatchObject({ code: 'install.busy' });
  resolve();
  await first;
  expect(installedAt(join(top, 'a'))).toBe('first');
});
