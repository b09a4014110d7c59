import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCommand } from './check.ts';
import { testIo } from './test-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  cpSync(fileURLToPath(new URL('../../../demo/', import.meta.url)), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = (was: string, by: string, file = 'sites/demo/site.yaml') => {
  const path = join(folder, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(was, by));
};
async function check(options: { json?: boolean; lang?: string } = {}) {
  const io = testIo();
  const code = await checkCommand(folder, { json: false, lang: 'en', ...options }, io);
  return { code, text: io.written.out };
}

describe('watchpost check', () => {
  it('finds nothing in the demo’s folder', async () => {
    expect(await check()).toEqual({ code: 0, text: 'No mistakes\n' });
  });
  it('says place, code, what to do and what was meant, in both languages', async () => {
    change('baseCel: 23', 'baseCell: 23');
    const english = await check();
    expect(english.code).toBe(1);
    expect(english.text).toContain(
      'sites/demo/site.yaml:122:17 /devices/4/connect/baseCell [site.unknown_key]\n  There is no setting of this name here. Correct the name, or take the line away.\n  did you mean: baseCel',
    );
    expect(english.text).toContain('Switched off until mended: demo/lobby-temperature');
    const chinese = await check({ lang: 'zh-CN' });
    expect(chinese.text).toContain('这里没有这个设置项。请更正名称或删去这一行。');
    expect(chinese.text).toContain('是否想写: baseCel');
    expect(chinese.text).toContain('改正前停用: demo/lobby-temperature');
  });
  it('gives programs a line of JSON for each', async () => {
    change('criticality: 0.9', 'criticality: 9');
    change('version: 1', 'version: 1\nlisten: { console: { port: 99999 } }', 'server.yaml');
    const { code, text } = await check({ json: true });
    expect(code).toBe(1);
    const lines = text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { code: 'site.out_of_range', file: 'server.yaml', line: 3, path: '/listen/console/port' },
      {
        code: 'site.out_of_range',
        file: 'sites/demo/site.yaml',
        path: '/zones/3/criticality',
        details: { most: 1 },
      },
    ]);
  });
  it('says where nobody would be followed, which is no mistake', async () => {
    change(
      'kind: camera',
      'kind: camera\n    faces: false\n    areas: [{ zone: lobby, outline: [[0, 0], [1, 0], [1, 1]] }]',
    );
    const { code, text } = await check();
    expect(code).toBe(0);
    expect(text).toContain('No mistakes');
    expect(text).toMatch(
      /may not do what you think it does: 1\n.*\/devices\/0\/areas \[site\.nobody_followed\]/,
    );
    expect((await check({ lang: 'zh-CN' })).text).toContain('那里不会察觉任何人');
    const json = await check({ json: true });
    expect(JSON.parse(json.text)).toMatchObject({ code: 'site.nobody_followed', warning: true });
  });
  it('warns of withdrawals that take longer than a minute, which are no mistake', async () => {
    change('version: 1', 'version: 1\npolicy: { permit: { life: 90m, reason: a tunnel without radio } }');
    expect(await check()).toEqual({
      code: 0,
      text: 'No mistakes\nNote, demo: a gateway without connection may match what was withdrawn for up to 90m (policy.permit.life). Reason: a tunnel without radio\n',
    });
    expect((await check({ lang: 'zh-CN' })).text).toContain('最长 90m 后才停止比对');
    const { text } = await check({ json: true });
    expect(JSON.parse(text)).toEqual({
      file: 'sites/demo/site.yaml',
      slowWithdrawal: { withinMs: 5_400_000, reason: 'a tunnel without radio' },
    });
  });
  it('says that mails carry no link to take an incident while nobody knows where the console is', async () => {
    change('version: 1', 'version: 1\nmail: { host: mail.example, from: a@watch.example }', 'server.yaml');
    expect(await check()).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^No mistakes\nNote: .*publicUrl.*\n$/),
    });
    expect((await check({ lang: 'zh-CN' })).text).toContain('通知中不会带有受理链接');
    expect(JSON.parse((await check({ json: true })).text)).toEqual({
      ...{ file: 'server.yaml', noAcknowledgeLinks: true },
    });
    change('version: 1', 'version: 1\npublicUrl: https://watch.example', 'server.yaml');
    expect((await check()).text).toBe('No mistakes\n');
  });
  it('misses files that are not there', async () => {
    rmSync(join(folder, 'server.yaml'));
    rmSync(join(folder, 'sites'), { recursive: true });
    const { text } = await check({ json: true });
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).code),
    ).toEqual(['site.unreadable', 'site.missing']);
    expect((await check({})).text).toContain(`${join(folder, 'server.yaml')}:1:1 / [site.unreadable]`);
  });
});
