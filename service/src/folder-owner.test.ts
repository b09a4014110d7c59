import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, replaceFileSync } from './atomic-file.ts';
import { replaceVersion } from './server-folder/versions.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const ownerOf = (path: string) => statSync(path).uid;

describe.skipIf(!isRoot)('what root writes (skipped for others)', () => {
  it('belongs to the owner of the folder', async () => {
    chownSync(folder, nobody.uid, nobody.gid);
    replaceFileSync(join(folder, 'one'), '1');
    await replaceFile(join(folder, 'two'), '2');
    expect(readdirSync(folder).map((name) => ownerOf(join(folder, name)))).toEqual([nobody.uid, nobody.uid]);
    expect(statSync(join(folder, 'one')).mode & 0o777).toBe(0o600);
  });
  it('into a site file, with the versions that are kept beside it', async () => {
    const site = join(folder, 'site');
    mkdirSync(site);
    writeFileSync(join(site, 'site.yaml'), 'before');
    for (const path of [site, join(site, 'site.yaml')]) chownSync(path, nobody.uid, nobody.gid);
    const { digestOf } = await import('./server-folder/versions.ts');
    const basedOn = digestOf(Buffer.from('before'));
    await replaceVersion({ path: join(site, 'site.yaml'), text: 'after', basedOn });
    const made = readdirSync(site, { recursive: true, encoding: 'utf8' });
    expect(made.toSorted()).toEqual(['.versions', '.versions/site.yaml.kept-000001', 'site.yaml']);
    expect(made.map((name) => ownerOf(join(site, name)))).toEqual(made.map(() => nobody.uid));
  });
  it('stays root’s in a folder of root', () => {
    replaceFileSync(join(folder, 'one'), '1');
    expect(ownerOf(join(folder, 'one'))).toBe(0);
  });
});
