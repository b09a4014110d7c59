import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuerKey } from '@watchpost/passes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IssueOptions, issuePassCommand, newKeyCommand, verifyPassCommand } from './pass.ts';
import { testIo } from './test-io.ts';

const now = Date.UTC(2026, 0, 5, 8);
const hour = 3_600_000;
let folder: string;
let key: string;
let keys: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-pass-'));
  key = join(folder, 'issuer.json');
  keys = join(folder, 'gate.json');
  const io = testIo();
  expect(await newKeyCommand(key, { issuer: 'estate' }, io)).toBe(0);
  writeFileSync(keys, io.written.out);
});
afterEach(() => rmSync(folder, { recursive: true }));

const secretOf = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as IssuerKey).privateKey;

async function issue(options: Partial<IssueOptions> = {}) {
  const io = testIo();
  const code = await issuePassCommand(
    { key, audience: ['gate'], hours: '8', uses: '1', ...options },
    io,
    now,
  );
  return { code, ...io.written };
}

async function verify(text: string | undefined, at = now, audience = 'gate', input = '', lang = 'en') {
  const io = testIo({ input });
  const code = await verifyPassCommand(text, { keys, audience, lang }, io, at);
  return { code, ...io.written };
}

describe('pass new-key', () => {
  it('writes a file for its owner only and prints the public part', () => {
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const printed = readFileSync(keys, 'utf8');
    expect(JSON.parse(printed)).toMatchObject({ alg: 'EdDSA', iss: 'estate' });
    expect(printed).not.toContain(secretOf(key));
    expect(printed).not.toContain('privateKey');
  });

  it('leaves an existing file as it is', async () => {
    const before = readFileSync(key, 'utf8');
    const io = testIo();
    expect(await newKeyCommand(key, {}, io)).toBe(2);
    expect(io.written).toEqual({ out: '', err: expect.stringMatching(/^\[config\.invalid\].*\/FILE/) });
    expect(readFileSync(key, 'utf8')).toBe(before);
  });
});

describe('pass issue and verify', () => {
  it('agree on gate, hours and uses', async () => {
    const { code, out } = await issue({
      audience: ['gate', 'pool'],
      hours: '2',
      uses: '3',
      address: 'unit-12',
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^WP1:[^\n]+\n$/);
    const text = out.trimEnd();
    expect(await verify(text, now, 'pool')).toEqual({
      code: 0,
      out: expect.stringMatching(/^accepted: [0-9a-f-]{36}, until 2026-01-05T10:00:00\.000Z, uses 3\n$/),
      err: '',
    });
    expect(await verify(text, now + 2 * hour)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^rejected: \[pass\.expired\] .+\n$/),
    });
    expect((await verify(text, now, 'cellar')).out).toContain('[pass.wrong_audience]');
  });

  it('reads standard input, its line end or not', async () => {
    const { out } = await issue();
    for (const input of [out, out.trimEnd(), out.replace('\n', '\r\n')]) {
      expect((await verify(undefined, now, 'gate', input)).code).toBe(0);
    }
    expect(await verify(undefined, now, 'gate', 'x'.repeat(100_000), 'zh-CN')).toEqual({
      code: 1,
      out: expect.stringMatching(/^无效：?: ?\[pass\.malformed\] .+\n$/),
      err: '',
    });
  });

  it('a pass of another key is rejected', async () => {
    const other = join(folder, 'other.json');
    await newKeyCommand(other, {}, testIo());
    const { out } = await issue({ key: other });
    expect((await verify(out)).out).toContain('[pass.unknown_key]');
  });
});

describe('pass issue refuses', () => {
  it.each<[Partial<IssueOptions>, string]>([
    [{ hours: '0' }, '/--hours'],
    [{ hours: 'Infinity' }, '/--hours'],
    [{ hours: '8785' }, '/--hours'],
    [{ uses: '0' }, '/--uses'],
    [{ uses: '1.5' }, '/--uses'],
    [{ uses: '1001' }, '/--uses'],
    [{ audience: ['front gate'] }, '/--audience'],
    [{ address: '' }, '/--address'],
    [{ key: '/no/such/file' }, '/--key'],
  ])('%j', async (options, path) => {
    const { code, out, err } = await issue(options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`[config.invalid]`);
    expect(err).toContain(`(${path})`);
    expect(err.match(/\n/g)).toHaveLength(1);
  });

  it('a key file that others can read, or a damaged one, without showing it', async () => {
    const secret = secretOf(key);
    chmodSync(key, 0o640);
    expect((await issue()).err).toContain('0600');
    chmodSync(key, 0o600);
    const parts = JSON.parse(readFileSync(key, 'utf8')) as IssuerKey;
    const foreign = {
      ...parts,
      publicKey: `${parts.publicKey.startsWith('A') ? 'B' : 'A'}${parts.publicKey.slice(1)}`,
    };
    const cut = { ...parts, privateKey: secret.slice(0, 20) };
    for (const content of [
      JSON.stringify(foreign),
      JSON.stringify(cut),
      JSON.stringify(parts).slice(0, -3),
    ]) {
      writeFileSync(key, content);
      const { code, out, err } = await issue();
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('/--key');
      expect(err).not.toContain(secret.slice(0, 12));
    }
  });
});
