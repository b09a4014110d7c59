import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertingService, startAlerting } from '@watchpost/alerting';
import { describeSite } from '@watchpost/contracts/site';
import { adminSocketOf } from '@watchpost/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newStoreTemplate } from '../backup/server-places.ts';
import { openServerFolder } from '../server/open-server-folder.ts';
import { readFirstLink } from '../start/first-link.ts';
import { textsFor } from '../texts.ts';
import { initCommand } from './init.ts';
import { testIo } from './test-io.ts';
import {
  addUserCommand,
  disableUserCommand,
  linkCommand,
  listUsersCommand,
  resetUserCommand,
} from './user.ts';

const folder = mkdtempSync(join(tmpdir(), 'user-'));
const data = join(folder, 'data');
const options = { json: false, lang: 'en' };
let link = '';
let running: AlertingService | undefined;

beforeAll(async () => {
  const io = testIo();
  await initCommand(folder, { host: ['127.0.0.1'], json: true }, io);
  link = JSON.parse(io.written.out).link.url;
});
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Run = (io: ReturnType<typeof testIo>) => Promise<number>;
async function said(run: Run) {
  const io = testIo();
  const code = await run(io);
  return { code, ...io.written };
}
const list = (more = {}) => said((io) => listUsersCommand(folder, { ...options, ...more }, io));
const add = (name: string, role: string, site: string[] = []) =>
  said((io) => addUserCommand(folder, name, { ...options, role, site }, io));

/** Follows a link as the console does. */
async function choose(url: string, body: object): Promise<number> {
  const token = new URL(url).hash.slice(1);
  const answer = await fetch(`${running?.address}/api/v1/account-link/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: 'four words are enough', ...body }),
  });
  return answer.status;
}

async function makesOne(name: string, role: string): Promise<string> {
  const made = await add(name, role);
  expect(made).toMatchObject({ code: 0, err: expect.stringContaining('One-time link') });
  expect(made.out).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}\n$/);
  expect((await list()).out).toContain(`${name}  invited  every site: ${role}\n`);
  return made.out.trim();
}

describe('watchpost user, on a server that does not run', () => {
  it('makes the database where there is none yet, and an account', async () => {
    await makesOne('anna', 'officer');
    expect(await add('anna', 'admin')).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('[account.exists]') },
    });
  });
});

describe('watchpost user, on a running server', () => {
  beforeAll(async () => {
    const opened = openServerFolder(folder, { say: () => undefined, texts: textsFor({}) });
    const template = await newStoreTemplate();
    running = await startAlerting({
      sites: [...opened.sites.values()].map(({ site, off }) => ({ site: describeSite(site, off) })),
      store: { kind: 'embedded', folder: join(data, 'store'), ...(template ? { template } : {}) },
      broker: { url: 'mqtt://127.0.0.1:9' },
      http: { host: '127.0.0.1', port: 0 },
      adminSocket: adminSocketOf(data),
      firstLink: readFirstLink(opened.secrets),
    });
  });
  it('is asked over a socket that is its owner’s alone', () => {
    expect(statSync(adminSocketOf(data)).mode & 0o777).toBe(0o600);
    expect(running?.firstLink).toMatch(/^[\w-]{43}$/);
  });
  it('makes an account, and a new link of it', async () => {
    const made = await makesOne('ben', 'admin');
    const reset = await said((io) => resetUserCommand(folder, 'ben', { ...options, json: true }, io));
    expect(JSON.parse(reset.out).link.url).not.toBe(made);
  });
  it('takes the order of earlier versions, and says which one it is now', async () => {
    const named = { code: 2, err: expect.stringContaining('[account.unknown]') };
    expect(await said((io) => resetUserCommand('nobody', folder, options, io))).toMatchObject(named);
    for (const [lang, word] of [
      ['en', 'user … DIR NAME'],
      ['zh-CN', '文件夹写在前面'],
    ] as const) {
      const old = await said((io) => resetUserCommand('ben', folder, { ...options, lang }, io));
      expect(old).toMatchObject({
        code: 0,
        err: expect.stringContaining(word),
        out: expect.stringMatching(/^https:.*\n$/),
      });
    }
    const now = await said((io) => resetUserCommand(folder, 'ben', options, io));
    expect(now.err).not.toContain('DIR NAME');
  });
  it('of a folder that is none says which file was looked for', async () => {
    const wanted = join(folder, 'elsewhere');
    expect(await said((io) => disableUserCommand(wanted, 'ben', options, io))).toMatchObject({
      ...{ code: 2, err: expect.stringContaining(`(${join(wanted, 'server.yaml')})`) },
    });
  });
  it('refuses what cannot be, in both languages', async () => {
    const officer = { ...options, role: 'officer', site: [] };
    for (const [what, run] of [
      ['config.invalid', (io) => addUserCommand(folder, 'x', { ...officer, role: 'king' }, io)],
      ['config.invalid', (io) => addUserCommand(folder, 'x', { ...officer, site: ['no'] }, io)],
      ['api.invalid', (io) => addUserCommand(folder, ' x', officer, io)],
      ['account.unknown', (io) => disableUserCommand(folder, 'nobody', options, io)],
    ] as [string, Run][])
      expect([what, (await said(run)).err]).toEqual([what, expect.stringContaining(`[${what}]`)]);
    const chinese = { ...options, lang: 'zh-CN' };
    expect((await said((io) => resetUserCommand(folder, 'nobody', chinese, io))).err).toContain(
      '没有该名称的账户',
    );
  });
  it('the link of init makes the first administrator, and the last one stays', async () => {
    const another = await said((io) => linkCommand(folder, options, io));
    expect(another).toMatchObject({ code: 0, out: expect.stringContaining(`:${running?.port}/welcome#`) });
    expect(await choose(link, { user: 'root admin' })).toBe(200);
    expect(await choose(another.out.trim(), { user: 'eve' })).toBe(410);
    expect(await said((io) => linkCommand(folder, options, io))).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('[account.has_administrator]') },
    });
    expect(await said((io) => disableUserCommand(folder, 'root admin', options, io))).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('[account.last_administrator]') },
    });
    expect(await said((io) => disableUserCommand(folder, 'ben', options, io))).toMatchObject({ code: 0 });
    expect(JSON.parse((await list({ json: true })).out).accounts).toEqual([
      { name: 'anna', roles: { '*': 'officer' }, state: 'invited' },
      { name: 'ben', roles: { '*': 'admin' }, state: 'disabled' },
      { name: 'root admin', roles: { '*': 'admin' }, state: 'active' },
    ]);
  });
});
