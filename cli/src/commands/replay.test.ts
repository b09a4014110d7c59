import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ReplayAnswer } from '@watchpost/contracts/api';
import { adminSocketOf, type LocalServer, serveLocally } from '@watchpost/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initCommand } from './init.ts';
import { replayCommand } from './replay.ts';
import { testIo } from './test-io.ts';

let folder: string;
let server: LocalServer | undefined;
beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'replay-')), 'server');
  await initCommand(folder, { json: true, host: ['localhost'], timeZone: 'Asia/Shanghai' }, testIo());
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(dirname(folder), { recursive: true, force: true });
});

const now = Date.parse('2026-11-27T12:00:00.000Z');
const own = () => join(folder, 'sites/main/rules/own.yaml');
async function replay(options: Partial<Parameters<typeof replayCommand>[1]> = {}) {
  const said = testIo();
  const code = await replayCommand(
    folder,
    { from: '2026-11-20', json: false, lang: 'en', ...options },
    said,
    now,
  );
  return { code, ...said.written };
}

describe('watchpost replay', () => {
  it('on a server that does not run reads its database, and a day begins where the site is', async () => {
    const { code, out } = await replay({ rules: own(), json: true });
    const answer = JSON.parse(out) as ReplayAnswer;
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      site: 'main',
      from: '2026-11-19T16:00:00.000Z',
      to: '2026-11-27T12:00:00.000Z',
    });
    expect(answer.ruleSet).toMatch(/^own@[0-9a-f]{12}$/);
  }, 120_000);

  it('on one that runs asks it until it has the answer', async () => {
    const asked: unknown[] = [];
    const difference = {
      ...{ what: 'vanishes', openedAt: '2026-11-20T08:00:00.000Z', zone: 'inside', device: 'door-1' },
      ...{ kind: 'watchpost.sensor.alarm.v1/door', before: 'high', score: 55, eventCount: 3 },
    };
    const answer = {
      ...{ site: 'main', from: '2026-11-19T16:00:00.000Z', to: '2026-11-27T12:00:00.000Z', ruleSet: 'own@1' },
      ...{ events: 9, estimated: 0, differences: [difference], unshown: 2, tookMs: 5 },
      alerts: { before: 4, after: 1, same: 1, appear: 0, vanish: 3, change: 0 },
    };
    mkdirSync(join(folder, 'data'), { recursive: true });
    server = await serveLocally(adminSocketOf(join(folder, 'data')), async (request) => {
      asked.push(request);
      return asked.length === 1 ? { job: 'j' } : { answer };
    });
    const { code, out } = await replay({ rules: own() });
    expect(code).toBe(1);
    expect(asked).toMatchObject([
      { command: 'replay', site: 'main', rules: { extends: 'wp-1' } },
      { job: 'j' },
    ]);
    expect(out).toContain(
      '2026-11-20 16:00:00  would vanish: Sensor alarm (Door contact) · inside/door-1 · High (×3)',
    );
    expect(out).toContain('More that are not shown: 2');
    const chinese = await replay({ rules: 'built-in', lang: 'zh-CN' });
    expect(chinese.out).toContain('会消失');
    expect(asked.at(-1)).toMatchObject({ rules: 'built_in' });
  });

  it('says every mistake of the rules with its line, and what is no time or no site', async () => {
    writeFileSync(own(), 'version: 1\nextends: wp-1\ncontext: { zone: 900 }\n');
    const { code, err } = await replay({ rules: own() });
    expect(code).toBe(2);
    expect(err).toContain(`${own()}:3:18`);
    expect((await replay({ from: 'yesterday' })).err).toContain('config.invalid');
    expect((await replay({ site: 'north' })).err).toContain('config.invalid');
    expect((await replay({ rules: join(folder, 'none.yaml') })).err).toContain('site.unreadable');
  });
});
