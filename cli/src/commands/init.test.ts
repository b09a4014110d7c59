import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '@watchpost/identity/authority';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownNames } from '../init/host-names.ts';
import { systemdUnit } from '../init/systemd-unit.ts';
import { checkCommand } from './check.ts';
import { type InitOptions, initCommand } from './init.ts';
import { testIo } from './test-io.ts';

let folder: string;
let server: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
  server = join(folder, 'a 50% server');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function init(options: Partial<InitOptions> = {}) {
  const io = testIo();
  const words = { host: ['watch.example', '192.168.1.10'], lang: 'en', json: false, ...options };
  const code = await initCommand(server, words, io);
  return { code, ...io.written };
}
async function check() {
  const io = testIo();
  return { code: await checkCommand(server, { json: false, lang: 'en' }, io), out: io.written.out };
}
/** Every file below, with its content and who may read it. */
const contentOf = (path = server): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, readFileSync(join(path, name), 'latin1')]),
  );

describe('watchpost init', () => {
  it('makes a server in which check finds nothing, in both languages', async () => {
    expect(await init()).toMatchObject({ code: 0, err: '' });
    expect(await check()).toEqual({ code: 0, out: 'No mistakes\n' });
    rmSync(server, { recursive: true });
    const chinese = await init({ lang: 'zh-CN', name: '“花园”: #1', timeZone: 'Asia/Shanghai' });
    expect(chinese.out).toContain('sites/main/site.yaml: 已创建');
    expect(readFileSync(join(server, 'server.yaml'), 'utf8')).toContain('证书仅适用于这些名称');
    expect(await check()).toEqual({ code: 0, out: 'No mistakes\n' });
  });
  it('keeps secrets for their owner', async () => {
    await init();
    for (const path of ['.', 'secrets', 'authorities/main', 'web'])
      expect([path, statSync(join(server, path)).mode & 0o777]).toEqual([path, 0o700]);
    for (const path of [
      'secrets/token-key',
      'authorities/main/authority.key',
      'web/root.key',
      'web/server.pem',
    ])
      expect([path, statSync(join(server, path)).mode & 0o777]).toEqual([path, 0o600]);
    const { out } = await init({ json: true });
    expect(JSON.parse(out)).toMatchObject({ folder: server, made: [] });
    expect(out).not.toMatch(/PRIVATE|"d"/);
  });
  it('changes nothing the second time, and makes what is missing', async () => {
    await init();
    writeFileSync(join(server, 'server.yaml'), 'version: 1\ntls: own\nnames: [watch.example]\n# mine\n');
    rmSync(join(server, 'systemd'), { recursive: true });
    const web = readFileSync(join(server, 'web', 'root.pem'));
    const before = contentOf();
    const again = JSON.parse((await init({ json: true })).out);
    expect(again.made).toEqual(['systemd/watchpost.service', 'systemd/watchpost.sysusers.conf']);
    expect(again.kept).toEqual([
      ...['server.yaml', 'sites/main/site.yaml', 'sites/main/rules/own.yaml', 'secrets/token-key'],
      ...['authorities/main', 'web/root.pem', 'web/server.pem'],
    ]);
    const after = contentOf();
    // A new certificate for fewer names, under the same root; a new link, because a link is shown once.
    for (const name of Object.keys(before))
      if (!['web/server.pem', 'secrets/first-administrator'].includes(name))
        expect([name, after[name]]).toEqual([name, before[name]]);
    expect(readFileSync(join(server, 'web', 'root.pem'))).toEqual(web);
  });
  it('makes whole what was left half when it was killed', async () => {
    await init();
    const authority = join(server, 'authorities', 'main');
    const key = readFileSync(join(authority, 'authority.key'));
    rmSync(join(authority, 'authority.pem'));
    rmSync(join(server, 'web', 'root.pem'));
    rmSync(join(server, 'web', 'server.pem'));
    expect(JSON.parse((await init({ json: true })).out).made).toEqual([
      'authorities/main',
      'web/root.pem',
      'web/server.pem',
    ]);
    await openAuthority(authority);
    expect(readFileSync(join(authority, 'authority.key.unused'))).toEqual(key);
  });
  it('makes a second site when it is named, with an authority of its own', async () => {
    await init();
    const second = JSON.parse((await init({ json: true, site: 'north' })).out);
    expect(second.made).toEqual(['sites/north/site.yaml', 'sites/north/rules/own.yaml', 'authorities/north']);
    expect(second.kept).toContain('sites/main/site.yaml');
    expect((await init()).out).toContain('  sites/north/site.yaml: was there, unchanged\n');
  });
  it('refuses a folder of somebody else, and words that cannot be', async () => {
    const strange = await initCommand(folder, { json: false, lang: 'en' }, testIo());
    expect(strange).toBe(0); // an empty folder is as good as a new one
    rmSync(join(folder, 'server.yaml'));
    const io = testIo();
    expect(await initCommand(folder, { json: false, lang: 'en' }, io)).toBe(2);
    expect(io.written.err).toContain('[init.not_empty]');
    for (const [option, words] of [
      ['--site', { site: 'two words' }],
      ['--time-zone', { timeZone: 'Mars/Base' }],
      ['--host', { host: ['https://x'] }],
      ['--at', { at: '95,1' }],
      ['--port', { port: '0' }],
      ['--user', { user: 'Root!' }],
    ] as const) {
      const refused = await init(words);
      expect([option, refused.code]).toEqual([option, 2]);
      expect(refused.err).toContain(option);
    }
  });
  it('says what is wrong in a file that is there, and what others could read', async () => {
    await init();
    writeFileSync(join(server, 'server.yaml'), 'version: 1\ntls: sometimes\n');
    expect(await init()).toMatchObject({ code: 2, err: expect.stringContaining('[site.not_listed]') });
    writeFileSync(join(server, 'server.yaml'), 'version: 1\ntls: own\nnames: [new.example]\n');
    expect(await init()).toMatchObject({ code: 2, err: expect.stringContaining('[tls.names_not_covered]') });
    writeFileSync(join(server, 'server.yaml'), 'version: 1\ntls: own\nnames: [watch.example]\n');
    chmodSync(join(server, 'web', 'server.pem'), 0o644);
    expect(await init()).toMatchObject({ code: 2, err: expect.stringContaining('[config.secret_readable]') });
  });
});

describe('the unit for systemd', () => {
  const analyze = (...args: readonly string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  const isThere = analyze('--version').status === 0;
  it.skipIf(!isThere)(
    'is understood, and exposes little (skipped where there is no systemd-analyze)',
    async () => {
      await init();
      const unit = join(server, 'systemd', 'watchpost.service');
      expect(analyze('verify', unit)).toMatchObject({ status: 0, stderr: '' });
      const exposure = analyze('security', '--offline=true', '--threshold=40', unit);
      expect([exposure.status, exposure.stdout.split('\n').at(-2)]).toEqual([0, expect.any(String)]);
      const loose = join(folder, 'loose.service');
      writeFileSync(
        loose,
        readFileSync(unit, 'utf8').replace(/^(Protect|Restrict|SystemCall|Capability).*\n/gm, ''),
      );
      expect(analyze('security', '--offline=true', '--threshold=40', loose).status).not.toBe(0);
    },
  );
  it('names its own user, writes its folders alone and leaves no core', () => {
    const words = { user: 'watchpost', groups: [], command: ['/opt/w p/bin/watchpost'] };
    const unit = systemdUnit({ ...words, folder: '/srv/50%/watch$1', dataFolder: '/var/data' });
    for (const line of [
      'User=watchpost',
      'ExecStart="/opt/w p/bin/watchpost" "up" "/srv/50%%/watch$$1"',
      'ReadWritePaths="/srv/50%%/watch$1" "/var/data"',
      'ProtectSystem=strict',
      'NoNewPrivileges=yes',
      'LimitCORE=0',
      'ProtectHome=yes',
    ])
      expect(unit.split('\n')).toContain(line);
  });
});

describe('names of this computer', () => {
  const address = (text: string, more = {}) => ({
    ...{ address: text, family: 'IPv4' as const, internal: false, netmask: '', mac: '', cidr: null },
    ...more,
  });
  it('are its own and its addresses, not those that only it or nobody can use', () => {
    const interfaces = {
      lo: [address('127.0.0.1', { internal: true })],
      eth0: [address('192.168.1.10'), address('169.254.7.7'), address('fe80::1', { family: 'IPv6' })],
    };
    expect(ownNames('Watch', interfaces)).toEqual(['watch', 'watch.local', '192.168.1.10']);
    expect(ownNames('watch.example', {})).toEqual(['watch.example']);
    expect(ownNames('localhost', {})).toEqual([]);
    expect(ownNames('不行', {})).toEqual([]);
  });
});
