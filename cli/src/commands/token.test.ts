import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCaCommand } from './gateway.ts';
import { testIo } from './test-io.ts';
import {
  type IssueTokenOptions,
  inspectTokenCommand,
  issueTokenCommand,
  newTokenKeyCommand,
  revokeTokenCommand,
} from './token.ts';

const now = Date.UTC(2026, 0, 5, 8);
let folder: string;
let key: string;
let keys: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-token-'));
  key = join(folder, 'key.json');
  keys = join(folder, 'public.json');
  const io = testIo();
  expect(await newTokenKeyCommand(key, { kid: 'k1', kinds: ['integrator', 'gateway'] }, io)).toBe(0);
  writeFileSync(keys, io.written.out);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function issue(options: Partial<IssueTokenOptions> = {}) {
  const io = testIo();
  const order = { key, kind: 'integrator', subject: 'lift', site: 'park', issuer: 'watchpost', ...options };
  return { code: await issueTokenCommand(order, io, now), ...io.written };
}

async function inspect(token: string | undefined, options = {}, at = now, io = testIo()) {
  const code = await inspectTokenCommand(
    token,
    { keys, site: 'park', issuer: 'watchpost', ...options },
    io,
    at,
  );
  return { code, ...io.written };
}

describe('token new-key', () => {
  it('writes a file for its owner only and prints the public part', () => {
    const secret = JSON.parse(readFileSync(key, 'utf8')).d;
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const printed = readFileSync(keys, 'utf8');
    expect(JSON.parse(printed)).toMatchObject({
      kty: 'OKP',
      crv: 'Ed25519',
      kid: 'k1',
      kinds: ['integrator', 'gateway'],
    });
    expect(printed).not.toContain(secret);
  });

  it('leaves an existing file as it is, and refuses a kind that no token has', async () => {
    const before = readFileSync(key, 'utf8');
    const io = testIo();
    expect(await newTokenKeyCommand(key, {}, io)).toBe(2);
    expect(readFileSync(key, 'utf8')).toBe(before);
    expect(await newTokenKeyCommand(join(folder, 'other'), { kinds: ['demo'] }, io)).toBe(2);
    expect(io.written.err).toContain('(/--kinds)');
  });
});

describe('token issue and inspect', () => {
  it('agree on who comes, with what scope and until when', async () => {
    const { code, out } = await issue({ subscribe: ['wp/1/park/gw1/#'], minutes: '5' });
    expect(code).toBe(0);
    const token = out.trim();
    const good = await inspect(token);
    expect(good.code).toBe(0);
    expect(good.out).toContain('"scope":{"subscribe":["wp/1/park/gw1/#"]}');
    expect(good.out).toMatch(/^good: integrator lift$/m);
    expect(await inspect(token, {}, now + 300_000)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/bad: expired\n$/),
    });
    expect((await inspect(token, { site: 'other' })).out).toMatch(/bad: for another site\n$/);
    expect((await inspect(token, { lang: 'zh-CN' })).out).toMatch(/^有效: integrator lift$/m);
  });

  it('say that nothing was checked without keys, and read standard input', async () => {
    const { out } = await issue();
    const unchecked = await inspect(undefined, { keys: undefined }, now, testIo({ input: out }));
    expect(unchecked).toMatchObject({ code: 0, out: expect.stringContaining('signature not checked') });
    for (const garbage of ['', 'x', 'a.b.c', 'x'.repeat(100_000)])
      expect(await inspect(garbage, {}, now)).toMatchObject({ code: 1, out: 'bad: not a token\n' });
  });

  it('a token of another key is bad', async () => {
    const other = join(folder, 'other.json');
    await newTokenKeyCommand(other, { kid: 'k1' }, testIo());
    expect((await inspect((await issue({ key: other })).out.trim())).out).toMatch(/bad: wrong signature\n$/);
  });

  it.each<[Partial<IssueTokenOptions>, string]>([
    [{ kind: 'demo' }, '/--kind'],
    [{ kind: 'officer' }, '/--kind'],
    [{ subject: 'a b' }, '/--subject'],
    [{ site: '+' }, '/--site'],
    [{ minutes: '0' }, '/--minutes'],
    [{ minutes: '600000' }, '/--minutes'],
    [{ subscribe: ['wp/1/park/gw1/policy'] }, '/--subscribe'],
    [{ subscribe: ['a/#/b'] }, '/--subscribe'],
    [{ publish: ['wp/1/park/gw1/up'] }, '/--publish'],
    [{ kind: 'gateway', subject: 'gw1', publish: ['wp/1/park/gw2/up'] }, '/--publish'],
    [{ key: '/nowhere' }, '/--key'],
  ])('issue refuses %j', async (options, path) => {
    const { code, out, err } = await issue(options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`(${path})`);
  });

  it('issue refuses a key file that others can read, or a damaged one, without showing it', async () => {
    const secret = JSON.parse(readFileSync(key, 'utf8')).d as string;
    chmodSync(key, 0o644);
    expect((await issue()).err).toContain('0600');
    chmodSync(key, 0o600);
    writeFileSync(key, readFileSync(key, 'utf8').slice(0, -3));
    const { err } = await issue();
    expect(err).toContain('/--key');
    expect(err).not.toContain(secret.slice(0, 10));
  });
});

it('token revoke writes what the broker follows', async () => {
  const ca = join(folder, 'ca');
  await newCaCommand({ ca, site: 'park' }, testIo());
  const io = testIo();
  expect(await revokeTokenCommand({ ca }, io)).toBe(2);
  expect(await revokeTokenCommand({ ca, id: 'j1', subject: 'lift', key: 'k1' }, io, now)).toBe(0);
  expect(JSON.parse(readFileSync(join(ca, 'revocations.json'), 'utf8')).entries).toEqual([
    { type: 'token', token: 'j1', at: '2026-01-05T08:00:00.000Z' },
    {
      type: 'subject',
      subject: 'lift',
      issuedBefore: '2026-01-05T08:00:00.000Z',
      at: '2026-01-05T08:00:00.000Z',
    },
    { type: 'key', key: 'k1', at: '2026-01-05T08:00:00.000Z' },
  ]);
});
