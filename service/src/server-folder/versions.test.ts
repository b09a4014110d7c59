import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../folder-lock.ts';
import { serverFolderPolicy } from '../policy.ts';
import { absent, digestOf, keepVersion, keptVersions, readVersion, replaceVersion } from './versions.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'versions-'));
  path = join(folder, 'site.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const text = (file: string) => readFileSync(file, 'utf8');

describe('a new version of a file', () => {
  it('takes the place of the one it was made from, which is kept', async () => {
    const first = await replaceVersion({ path, text: 'a: 1\n', basedOn: absent });
    expect(first).toBe(digestOf(Buffer.from('a: 1\n')));
    await replaceVersion({ path, text: 'a: 2\n', basedOn: first });
    expect(text(path)).toBe('a: 2\n');
    expect(keptVersions(path).map(text)).toEqual(['a: 1\n']);
  });
  it('keeps ten before it, the newest first', async () => {
    let digest: string = absent;
    for (let n = 1; n <= 15; n++) digest = await replaceVersion({ path, text: `n: ${n}\n`, basedOn: digest });
    const kept = keptVersions(path).map(text);
    expect(kept).toHaveLength(serverFolderPolicy.versionsKept);
    expect(kept[0]).toBe('n: 14\n');
    expect(kept.at(-1)).toBe('n: 5\n');
  });
  it('of two that were made from the same one, the second is refused and both are there', async () => {
    const digest = await replaceVersion({ path, text: 'a: 1\n', basedOn: absent });
    const [one, two] = await Promise.allSettled([
      replaceVersion({ path, text: 'a: 2\n', basedOn: digest }),
      replaceVersion({ path, text: 'a: 3\n', basedOn: digest }),
    ]);
    expect([one.status, two.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = one.status === 'rejected' ? one.reason : (two as PromiseRejectedResult).reason;
    expect(refused).toMatchObject({ code: 'site.changed_meanwhile' });
    const kept = text(join(folder, String(refused.details.kept)));
    expect([kept, text(path)].toSorted()).toEqual(['a: 2\n', 'a: 3\n']);
  });
  it('sees what an editor saved meanwhile', async () => {
    const digest = await replaceVersion({ path, text: 'a: 1\n', basedOn: absent });
    writeFileSync(path, 'a: 1 # by hand\n');
    await expect(replaceVersion({ path, text: 'a: 2\n', basedOn: digest })).rejects.toMatchObject({
      code: 'site.changed_meanwhile',
    });
    expect(text(path)).toBe('a: 1 # by hand\n');
  });
  it('is kept once, however often it is put into force', () => {
    keepVersion(path, Buffer.from('a: 1\n'));
    keepVersion(path, Buffer.from('a: 1\n'));
    expect(keptVersions(path)).toHaveLength(1);
  });
  it('waits while another program changes the file', async () => {
    const release = lockFolder(join(folder, '.versions'));
    const waiting = replaceVersion({ path, text: 'a: 1\n', basedOn: absent });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(readVersion(path)).toBeUndefined();
    release();
    await waiting;
    expect(text(path)).toBe('a: 1\n');
    expect(readdirSync(folder).toSorted()).toEqual(['.versions', 'site.yaml']);
  });
});
