import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeChannels } from '../testing/fake-channel.ts';
import { testSite } from '../testing/test-site.ts';
import type { KeptReceiver } from './kept-fallback.ts';
import { StoreWatch } from './store-watch.ts';

const url = 'https://stand-in.example/';
const receiver: KeptReceiver = {
  ...{ site: testSite.id, id: randomUUID() as KeptReceiver['id'], language: 'en' },
  address: { kind: 'webhook', url, key: 'notify-hook' },
};
let folder: string;
let file: string;
let channels: FakeChannels;
let nowMs: number;
const clocks = { wallMs: () => nowMs, monotonicMs: () => nowMs };
const open = () => new StoreWatch({ file, channels, clocks, logger: pino({ level: 'silent' }) });
const isThere = async () => [receiver];
const isGone = () => Promise.reject(new Error('gone'));
const told = () => channels.tried.map(({ notice }) => `${notice.kind} ${notice.seq}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fallback-'));
  file = join(folder, 'fallback.json');
  channels = new FakeChannels();
  nowMs = Date.parse('2026-11-27T10:00:00Z');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function pass(watch: StoreWatch, seconds: number, load: () => Promise<readonly KeptReceiver[]>) {
  for (let passed = 0; passed < seconds; passed += 10) {
    nowMs += 10_000;
    await watch.look(load);
  }
}

test('16: with the database gone for a minute one notice says so, and one that it is back', async () => {
  const watch = open();
  await watch.look(isThere);
  await pass(watch, 60, isGone);
  expect(told()).toEqual([]);
  await pass(watch, 600, isGone);
  expect(told()).toEqual(['system 0']);
  expect(channels.tried[0]?.notice).toMatchObject({ severity: 'critical', site: testSite.id });
  await pass(watch, 600, isThere);
  expect(told()).toEqual(['system 0', 'system 1']);
});

test('a database that is back within the minute is told to nobody', async () => {
  const watch = open();
  await watch.look(isThere);
  await pass(watch, 50, isGone);
  await pass(watch, 20, isThere);
  await pass(watch, 50, isGone);
  expect(told()).toEqual([]);
});

test('a service that is started again and again without its database tells it too, and once', async () => {
  await open().look(isThere);
  for (let start = 0; start < 12; start++) await pass(open(), 10, isGone);
  expect(told()).toEqual(['system 0']);
  await pass(open(), 10, isThere);
  expect(told()).toEqual(['system 0', 'system 1']);
});

test('what could not be told is tried again with the same id, and the word that it is back too', async () => {
  const watch = open();
  await watch.look(isThere);
  let isWell = false;
  channels.answer(url, () =>
    isWell ? { outcome: 'sent' } : { outcome: 'retry', code: 'notify.unreachable' },
  );
  await pass(watch, 150, isGone);
  isWell = true;
  await pass(watch, 30, isGone);
  const ids = new Set(channels.tried.map(({ notice }) => notice.id));
  expect([channels.tried.length > 2, ids.size]).toEqual([true, 1]);
  isWell = false;
  await pass(watch, 60, isThere);
  isWell = true;
  await pass(watch, 60, isThere);
  expect(told().at(-1)).toBe('system 1');
  const after = channels.tried.length;
  await pass(watch, 120, isThere);
  expect(channels.tried).toHaveLength(after);
});

test('what is kept is for its owner alone and has no secret in it', async () => {
  await open().look(isThere);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('notify-hook');
});

test('a database that does not answer counts as gone', async () => {
  const watch = new StoreWatch({
    ...{ file, channels, clocks, logger: pino({ level: 'silent' }) },
    policy: { answersWithinMs: 5 },
  });
  await watch.look(isThere);
  await pass(watch, 90, () => new Promise(() => undefined));
  expect(told()).toEqual(['system 0']);
});
