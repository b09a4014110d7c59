import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteIdSchema } from '@watchpost/contracts/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { FakePermits, permitContract } from '../testing/permit-contract.ts';
import { permitFiles } from './permit-file.ts';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'permits-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe('the permits of the tests', () => permitContract(() => new FakePermits()));
describe('permits as files', () => permitContract(() => permitFiles(newFolder())));

const site = siteIdSchema.parse('north');

it('nobody but the owner reads a permit, and nothing is left beside it', async () => {
  const folder = newFolder();
  await permitFiles(folder).publish(site, { gallery: null, withdrawn: [], erase: [], revokedPasses: [] });
  expect(readdirSync(join(folder, 'permits'))).toEqual(['north.json']);
  expect(statSync(join(folder, 'permits', 'north.json')).mode & 0o777).toBe(0o600);
});

it.each(['', '{', '{"gallery":1}', 'null'])('a file that holds %j is none', async (text) => {
  const folder = newFolder();
  for (const name of ['permits', 'receipts']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'north.json'), text);
  }
  const permits = permitFiles(folder);
  expect([await permits.last(site), await permits.record(site)]).toEqual([undefined, undefined]);
});
