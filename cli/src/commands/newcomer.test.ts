import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDeviceCommand } from './add-device.ts';
import { applyCommand } from './apply.ts';
import { checkCommand } from './check.ts';
import { initCommand } from './init.ts';
import { planCommand } from './plan.ts';
import { testIo } from './test-io.ts';
import { addUserCommand, listUsersCommand } from './user.ts';

/** What somebody who follows “Your first site” may get wrong. */
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'newcomer-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

type Io = ReturnType<typeof testIo>;
async function said(run: (io: Io) => Promise<number>) {
  const io = testIo();
  const code = await run(io);
  return { code, ...io.written };
}
const languages = ['en', 'zh-CN'] as const;
const words = (lang: string) => ({ json: false, lang, host: ['localhost'] });
const init = (folder: string, lang = 'en') => said((io) => initCommand(folder, words(lang), io));
const addSensor = (folder: string, lang = 'en', more = {}) =>
  said((io) => {
    const options = { id: 'hall-smoke', kind: 'smoke', set: ['connect.driver=simulator'], ...more };
    return addDeviceCommand('sensor', folder, { json: false, lang, ...options }, io);
  });

describe('a folder that cannot be the server’s', () => {
  const impossible: readonly (readonly [string, (path: string) => string | undefined])[] = [
    ['is a file', (path) => void writeFileSync(path, '')],
    [
      'lies below a file',
      (path) => {
        writeFileSync(path, '');
        return join(path, 'below');
      },
    ],
    ['is a link to nowhere', (path) => void symlinkSync(join(place, 'nowhere'), path)],
    ['is a link to itself', (path) => void symlinkSync(path, path)],
    ['has too long a name', () => join(place, '长'.repeat(100))],
  ];
  it.each(impossible)('%s', async (_what, make) => {
    const usual = join(place, '我的 Gebäude');
    const path = make(usual) ?? usual;
    const before = readdirSync(place);
    for (const lang of languages) {
      const { code, err, out } = await init(path, lang);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^\[config\.(?:data_folder|file_unusable)\] /);
      expect(err).toContain(place);
      if (lang === 'zh-CN') expect(err).toContain('请');
    }
    expect(readdirSync(place)).toEqual(before);
  });
});

describe('a folder that can be the server’s', () => {
  it.each([
    ['has spaces, umlauts and Chinese in its path', (path: string) => path],
    [
      'is reached over a link',
      (path: string) => {
        mkdirSync(`${path}-real`);
        symlinkSync(`${path}-real`, path);
        return path;
      },
    ],
  ])('%s', async (_what, make) => {
    const path = make(join(place, '我的 Gebäude’s Server'));
    expect(await init(path, 'zh-CN')).toMatchObject({ code: 0, err: '' });
    expect(await addSensor(path, 'en', { name: '门厅烟感', nameEn: 'Hall' })).toMatchObject({ code: 0 });
    expect(await said((io) => checkCommand(path, words('en'), io))).toMatchObject({ code: 0 });
    expect((await said((io) => planCommand(path, words('en'), io))).code).toBe(0);
  });
});

describe('a folder that is no server', () => {
  const commands: readonly (readonly [
    string,
    number,
    (folder: string, lang: string, io: Io) => Promise<number>,
  ])[] = [
    ['check', 1, (folder, lang, io) => checkCommand(folder, words(lang), io)],
    ['plan', 1, (folder, lang, io) => planCommand(folder, words(lang), io)],
    ['apply', 2, (folder, lang, io) => applyCommand(folder, words(lang), io)],
    ['user list', 2, (folder, lang, io) => listUsersCommand(folder, words(lang), io)],
    [
      'user add',
      2,
      (folder, lang, io) => addUserCommand(folder, '安娜', { ...words(lang), role: 'officer', site: [] }, io),
    ],
    [
      'add',
      2,
      (folder, lang, io) =>
        addDeviceCommand('sensor', folder, { ...words(lang), id: 'x', kind: 'smoke', set: [] }, io),
    ],
  ];
  it.each(commands)('is named with its whole path by %s', async (_what, wanted, command) => {
    for (const folder of [join(place, '没有 such'), place])
      for (const lang of languages) {
        const { code, out, err } = await said((io) => command(folder, lang, io));
        expect(code).toBe(wanted);
        expect(out + err).toContain(join(folder, 'server.yaml'));
        expect(out + err).toContain('[site.unreadable]');
        if (lang === 'zh-CN') expect(out + err).toContain('请确认文件存在');
      }
    expect(readdirSync(place)).toEqual([]);
  });
});

describe('a name that cannot be', () => {
  it('of a device is a mistake of the file, which stays as it is; of a site or a person it is refused', async () => {
    const path = join(place, 'server');
    await init(path);
    for (const lang of languages) {
      const device = await addSensor(path, lang, { id: '门厅' });
      expect([device.code, device.out]).toEqual([1, expect.stringContaining('/id [site.format]')]);
      const site = await addSensor(path, lang, { site: '../main' });
      expect([site.code, site.err]).toEqual([2, expect.stringContaining('/--site')]);
      expect(site.err).toContain(lang === 'en' ? '(expected: main)' : '(应为: main)');
      const second = await said((io) => initCommand(path, { ...words(lang), site: '总部' }, io));
      expect([second.code, second.err]).toEqual([2, expect.stringContaining('/--site')]);
    }
    expect(await said((io) => checkCommand(path, words('en'), io))).toMatchObject({ code: 0 });
  });
});
