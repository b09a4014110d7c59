import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClaimService, startClaimService } from '@watchpost/identity/authority';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  claimCommand,
  inviteCommand,
  listCommand,
  newCaCommand,
  readmitCommand,
  renewCommand,
  revokeCommand,
  serverCertificateCommand,
} from './gateway.ts';
import { initCommand } from './init.ts';
import { testIo } from './test-io.ts';

let folder: string;
let ca: string;
let service: ClaimService | undefined;

/** A command’s exit code and what it wrote. */
async function run(command: (io: ReturnType<typeof testIo>) => Promise<number>, options = {}) {
  const io = testIo(options);
  return { code: await command(io), ...io.written };
}
const list = async () => (await run((io) => listCommand({ ca }, io))).out;
const invite = (gateway: string, minutes = '30') => run((io) => inviteCommand(gateway, { ca, minutes }, io));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-gateway-'));
  ca = join(folder, 'ca');
  expect((await run((io) => newCaCommand({ ca, site: 'park' }, io))).code).toBe(0);
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  rmSync(folder, { recursive: true });
});

async function serve(): Promise<string> {
  const made = await run((io) => serverCertificateCommand({ ca, host: ['localhost'], days: '30' }, io));
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('SIGHUP') });
  service = await startClaimService({ folder: ca, host: '127.0.0.1', port: 0 });
  return `https://localhost:${service.port}`;
}

describe('the authority', () => {
  it('keeps its key for its owner and is never overwritten', async () => {
    expect(statSync(join(ca, 'authority.key')).mode & 0o777).toBe(0o600);
    expect(statSync(ca).mode & 0o777).toBe(0o700);
    const before = readFileSync(join(ca, 'authority.key'), 'utf8');
    const again = await run((io) => newCaCommand({ ca, site: 'park' }, io));
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('[config.data_folder]') });
    expect(readFileSync(join(ca, 'authority.key'), 'utf8')).toBe(before);
  });

  it('is needed for everything else, and no folder is made by mistake', async () => {
    const options = { ca: join(folder, 'nowhere') };
    for (const command of [
      (io: ReturnType<typeof testIo>) => listCommand(options, io),
      (io: ReturnType<typeof testIo>) => revokeCommand('gw1', options, io),
      (io: ReturnType<typeof testIo>) => inviteCommand('gw1', { ...options, minutes: '5' }, io),
    ])
      expect((await run(command)).err).toContain('[config.data_folder]');
    expect(existsSync(options.ca)).toBe(false);
  });

  it.each([
    ['/--minutes', () => invite('gw1', '0')],
    ['/--minutes', () => invite('gw1', '1e3')],
    ['/GATEWAY', () => invite('gw 1')],
    ['/GATEWAY', () => invite('alerts')],
    ['/--site', () => run((io) => newCaCommand({ ca: join(folder, 'b'), site: 'a/b' }, io))],
    ['/--host', () => run((io) => serverCertificateCommand({ ca, host: ['a b'], days: '1' }, io))],
    ['/--url', () => run((io) => claimCommand('x', { url: 'http://a', into: folder }, io))],
  ])('refuses a bad %s', async (path, command) => {
    const { code, out, err } = await command();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`(${path})`);
  });
});

describe('a gateway', () => {
  it('is invited, claims with the code from standard input, renews, and is revoked and readmitted', async () => {
    const url = await serve();
    const into = join(folder, 'identity');
    const invited = await invite('gw1');
    expect(invited.out).toMatch(/^WPC1\.park\.gw1\.[\w.-]+\n$/);
    expect(invited.err).not.toContain(invited.out.trim());
    expect(await list()).toMatch(/^\(server\)\t[0-9A-F]{32}\tgood until .+\ngw1\tinvited\t/);
    const claimed = await run((io) => claimCommand(undefined, { url, into }, io), { input: invited.out });
    expect(claimed).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Claimed: park\/gw1, serial number [0-9A-F]{32},/),
    });
    const again = await run((io) => claimCommand(invited.out, { url, into: join(folder, 'thief') }, io));
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('[identity.claim_refused]') });
    expect((await run((io) => renewCommand({ url, into }, io))).code).toBe(0);
    const serials = [...(await list()).matchAll(/^gw1\t([0-9A-F]{32})\t/gm)].map(
      ([, serial]) => serial ?? '',
    );
    expect(serials).toHaveLength(2);
    await run((io) => revokeCommand(serials[0] ?? '', { ca }, io));
    // The renewed one descends from it.
    expect((await list()).match(/Revoked/g)).toHaveLength(2);
    expect((await run((io) => revokeCommand('gw1', { ca }, io))).out).toContain('certificates 2');
    expect((await invite('gw1')).err).toContain('[identity.revoked]');
    expect((await run((io) => readmitCommand('gw1', { ca }, io))).code).toBe(0);
    expect((await run((io) => readmitCommand('gw1', { ca }, io))).code).toBe(1);
    expect((await list()).match(/Revoked/g)).toHaveLength(2);
    expect((await invite('gw1')).code).toBe(0);
  });

  it('is told in Chinese where the locale is', async () => {
    const { out } = await run((io) => revokeCommand('gw9', { ca }, io), { locale: 'zh_CN.UTF-8' });
    expect(out).toBe('已吊销: gw9, 证书数 0\n');
  });
});

describe('of a server', () => {
  const left = (server: string) =>
    readdirSync(join(server, 'data', 'audit-notes'))
      .toSorted()
      .map((name) => JSON.parse(readFileSync(join(server, 'data', 'audit-notes', name), 'utf8')))
      .map(({ site, action, subject, outcome, details }) => [
        ...[site, action, subject.kind, subject.id, outcome, details.step, details.code],
      ]);

  it('who is put out and let in again is noted for its audit log, before and after', async () => {
    const server = join(folder, 'server');
    await initCommand(server, { host: ['watch.example'], json: false, lang: 'en' }, testIo());
    const [site = ''] = readdirSync(join(server, 'authorities'));
    const own = { ca: join(server, 'authorities', site) };
    const code = (await run((io) => inviteCommand('gw1', { ...own, minutes: '5' }, io))).out.trim();
    expect((await run((io) => revokeCommand('gw1', own, io))).code).toBe(0);
    expect((await run((io) => readmitCommand('gw1', own, io))).code).toBe(0);
    expect((await run((io) => readmitCommand('gw 1', own, io))).code).toBe(2);
    const about = (action: string, step: string) => [site, action, 'gateway', 'gw1', 'done', step, undefined];
    expect(JSON.stringify(left(server))).not.toContain(code);
    expect(left(server)).toEqual([
      about('gateway_invited', 'begun'),
      about('gateway_invited', 'finished'),
      about('gateway_revoked', 'begun'),
      about('gateway_revoked', 'finished'),
      about('gateway_readmitted', 'begun'),
      about('gateway_readmitted', 'finished'),
    ]);
    // A stolen gateway is put out even where nothing can be written down; nobody is let in like that.
    rmSync(join(server, 'data', 'audit-notes'), { recursive: true });
    writeFileSync(join(server, 'data', 'audit-notes'), 'in the way');
    const unnoted = await run((io) => revokeCommand('gw2', own, io));
    expect(unnoted).toMatchObject({ code: 0, err: expect.stringContaining('Not in the audit log') });
    expect(await run((io) => readmitCommand('gw2', own, io))).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('[config.data_folder]') },
    });
    rmSync(join(server, 'data', 'audit-notes'));
    expect((await run((io) => inviteCommand('gw2', { ...own, minutes: '5' }, io))).err).toContain(
      '[identity.revoked]',
    );
    expect(left(server).at(-1)).toEqual([
      ...[site, 'gateway_invited', 'gateway', 'gw2', 'refused', 'failed', 'identity.revoked'],
    ]);
  });
});
