import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issuePassCommand, newKeyCommand, verifyPassCommand } from './pass.ts';
import {
  newHolderKeyCommand,
  presentCommand,
  redeemCommand,
  revokeCommand,
  rotateCommand,
} from './pass-life.ts';
import { issuePlateCommand, verifyPlateCommand } from './plate.ts';
import { testIo } from './test-io.ts';

const now = Date.UTC(2026, 0, 5, 8);
const hour = 3_600_000;
let folder: string;
const path = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-pass-life-'));
  const { out } = await run((io) => newKeyCommand(path('issuer.json'), { issuer: 'estate' }, io));
  writeFileSync(path('gate.json'), out);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(command: (io: ReturnType<typeof testIo>) => Promise<number>) {
  const io = testIo();
  return { code: await command(io), ...io.written };
}
async function issue(more: object = {}) {
  const options = { key: path('issuer.json'), audience: ['gate'], hours: '8', uses: '2', ...more };
  const { code, out, err } = await run((io) => issuePassCommand(options, io, now));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trimEnd();
}
const verify = (text: string, more: object = {}, at = now) =>
  run((io) => verifyPassCommand(text, { keys: path('gate.json'), audience: 'gate', ...more }, io, at));
const redeem = (text: string, at = now, more: object = {}) =>
  run((io) =>
    redeemCommand(
      text,
      { keys: path('gate.json'), audience: 'gate', ledger: path('uses.sqlite'), ...more },
      io,
      at,
    ),
  );
const revoke = (ids: string[], more: object = {}, at = now) =>
  run((io) =>
    revokeCommand(ids, { key: path('issuer.json'), list: path('list.wpr'), hours: '24', ...more }, io, at),
  );
const idOf = async (text: string) => /accepted: (\S+),/.exec((await verify(text)).out)?.[1] ?? '';

describe('a pass for a phone', () => {
  it('is good as the phone shows it, not as a copy', async () => {
    const key = await run((io) => newHolderKeyCommand(path('phone.json'), {}, io));
    expect(statSync(path('phone.json')).mode & 0o777).toBe(0o600);
    for (const binding of [{ bind: key.out.trim() }, { holderKey: path('phone.json') }]) {
      const pass = await issue(binding);
      expect(await verify(pass)).toMatchObject({ code: 1, out: expect.stringContaining('[pass.signature]') });
      const shown = await run((io) => presentCommand(pass, { holderKey: path('phone.json') }, io, now));
      expect(await verify(shown.out.trimEnd())).toMatchObject({ code: 0 });
      expect(await verify(shown.out.trimEnd(), {}, now + 2 * 60_000)).toMatchObject({ code: 1 });
      expect((await redeem(shown.out.trimEnd())).code).toBe(0);
      expect((await redeem(shown.out.trimEnd())).out).toContain('[pass.replayed]');
    }
  });

  it('refuses keys that are none', async () => {
    writeFileSync(path('bad.json'), JSON.stringify({ publicKey: 'A'.repeat(43), privateKey: 'AAAA' }), {
      mode: 0o600,
    });
    const pass = await issue();
    for (const command of [
      (io: ReturnType<typeof testIo>) => presentCommand(pass, { holderKey: path('none.json') }, io, now),
      (io: ReturnType<typeof testIo>) => presentCommand(pass, { holderKey: path('bad.json') }, io, now),
      (io: ReturnType<typeof testIo>) =>
        issuePassCommand(
          { key: path('issuer.json'), audience: ['gate'], hours: '8', uses: '1', bind: 'short' },
          io,
          now,
        ),
    ]) {
      expect(await run(command)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('[config.invalid]'),
      });
    }
    expect(
      await run((io) => presentCommand('nonsense', { holderKey: path('bad.json') }, io, now)),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining('[pass.malformed]'),
    });
  });
});

describe('pass redeem', () => {
  it('counts on disk and stops at the last use', async () => {
    const pass = await issue();
    expect((await redeem(pass)).out).toMatch(/^redeemed: [0-9a-f-]{36}, uses left 1\n$/);
    expect((await redeem(pass)).out).toContain('uses left 0');
    expect(await redeem(pass)).toMatchObject({ code: 1, out: expect.stringContaining('[pass.used_up]') });
    expect(await redeem(pass, now + 9 * hour)).toMatchObject({
      code: 1,
      out: expect.stringContaining('[pass.expired]'),
    });
    expect((await redeem(pass, now, { ledger: path('no/such/folder') })).code).toBe(2);
  });
});

describe('pass revoke', () => {
  it('withdraws passes, with a number that rises, until the list expires', async () => {
    const [one, two] = [await issue(), await issue()];
    expect((await revoke([await idOf(one)])).out).toMatch(
      /^revocation list 1, until 2026-01-06T08:00:00\.000Z, withdrawn passes 1\n$/,
    );
    const list = { revocations: path('list.wpr') };
    expect(await verify(one, list)).toMatchObject({
      code: 1,
      out: expect.stringContaining('[pass.revoked]'),
    });
    expect((await verify(two, list)).code).toBe(0);
    expect((await redeem(one, now, list)).code).toBe(1);
    expect((await revoke([await idOf(two)], {}, now + 48 * hour)).out).toContain('list 2');
    expect((await verify(two, list, now + hour)).code).toBe(1);
    expect(await verify(two, list, now + 80 * hour)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/\[pass\.expired\].*--revocations/),
    });
  });

  it('refuses a list of another key, ids that are none, and leaves the file as it was', async () => {
    await revoke(['visit-1']);
    const before = readFileSync(path('list.wpr'), 'utf8');
    await run((io) => newKeyCommand(path('other.json'), {}, io));
    for (const result of [
      await revoke(['x'], { key: path('other.json') }),
      await revoke(['a b']),
      await revoke(['x'], { hours: '0' }),
    ]) {
      expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining('[config.invalid]') });
    }
    expect(readFileSync(path('list.wpr'), 'utf8')).toBe(before);
    writeFileSync(path('list.wpr'), before.replace('WPR:', 'WPR:0'));
    expect((await verify(await issue(), { revocations: path('list.wpr') })).code).toBe(2);
  });
});

describe('pass rotate', () => {
  const rotate = (more: object = {}) =>
    run((io) => rotateCommand(path('issuer.json'), { overlap: '10', ...more }, io, now));

  it('lets old passes live until the overlap ends, and gives gates no private key', async () => {
    const old = await issue({ hours: '20' });
    const { code, out } = await rotate();
    expect(code).toBe(0);
    expect(out).not.toContain('privateKey');
    expect(statSync(path('issuer.json')).mode & 0o777).toBe(0o600);
    writeFileSync(path('gate.json'), out);
    expect((await verify(old)).code).toBe(0);
    expect((await verify(await issue())).code).toBe(0);
    expect((await verify(old, {}, now + 11 * hour)).out).toContain('[pass.unknown_key]');
    const again = JSON.parse((await rotate()).out) as { kid: string }[];
    expect(again).toHaveLength(3);
  });

  it('takes a leaked key out at once', async () => {
    const old = await issue();
    const { out } = await rotate({ leaked: true });
    writeFileSync(path('gate.json'), out);
    expect((await verify(old)).out).toContain('[pass.unknown_key]');
  });

  it('refuses a file that others can read', async () => {
    chmodSync(path('issuer.json'), 0o644);
    expect(await rotate()).toMatchObject({ code: 2, err: expect.stringContaining('0600') });
  });
});

describe('plate issue and verify', () => {
  it('agree, also in Chinese', async () => {
    const plate = await run((io) =>
      issuePlateCommand({ key: path('issuer.json'), domain: 'plates.example', id: 'unit-00017' }, io),
    );
    const text = plate.out.trimEnd();
    expect(text).toMatch(/^https:\/\/plates\.example\/a\/unit-00017\?k=/);
    const check = (shown: string, more: object = {}) =>
      run((io) => verifyPlateCommand(shown, { keys: path('gate.json'), ...more }, io));
    expect(await check(text)).toEqual({ code: 0, out: 'accepted: unit-00017, plates.example\n', err: '' });
    expect((await check(text, { domain: 'other.example' })).code).toBe(1);
    expect((await check(text.replace('00017', '00018'))).out).toContain('[pass.signature]');
    expect((await check('x', { lang: 'zh-CN' })).out).toMatch(/^无效.*\[pass\.malformed\]/);
  });

  it.each([
    [{ domain: 'Bad Domain' }, '/--domain'],
    [{ id: 'short' }, '/--id'],
    [{ key: '/no/such/file' }, '/--key'],
  ])('refuse %j', async (change, option) => {
    const options = { key: path('issuer.json'), domain: 'plates.example', id: 'unit-00017', ...change };
    const result = await run((io) => issuePlateCommand(options, io));
    expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`(${option})`) });
  });
});
