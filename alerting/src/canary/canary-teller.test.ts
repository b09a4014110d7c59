import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeptReceiver } from '../escalation/kept-fallback.ts';
import { FakeChannels } from '../testing/fake-channel.ts';
import { testSite } from '../testing/test-site.ts';
import { CanaryTeller } from './canary-teller.ts';
import type { BrokenLink } from './canary-watch.ts';

const url = 'https://stand-in.example/';
const receiver: KeptReceiver = {
  ...{ site: testSite.id, id: randomUUID() as KeptReceiver['id'], language: 'en' },
  address: { kind: 'webhook', url, key: 'notify-hook' },
};
let folder: string;
let channels: FakeChannels;
let nowMs: number;
let isStoreGone: boolean;
let teller: CanaryTeller;
const open = () =>
  new CanaryTeller({
    ...{ file: join(folder, 'canary.json'), channels, logger: pino({ level: 'silent' }) },
    clocks: { wallMs: () => nowMs, monotonicMs: () => nowMs },
    standIns: () => [receiver],
    isStoreGone: () => isStoreGone,
  });
const told = () => channels.tried.map(({ notice }) => `${notice.subject} ${notice.seq} ${notice.severity}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canary-'));
  channels = new FakeChannels();
  nowMs = Date.parse('2026-11-28T02:10:00Z');
  isStoreGone = false;
  teller = open();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function pass(seconds: number, broken: readonly BrokenLink[]) {
  for (let passed = 0; passed < seconds; passed += 10) {
    nowMs += 10_000;
    await teller.take(testSite.id, broken);
  }
}
const silent = (...gateways: string[]): BrokenLink[] =>
  gateways.map((gateway) => ({ link: 'gateway', gateway }));

test('20: who stands in is told once which link is broken, and once that it is whole again', async () => {
  await pass(600, [{ link: 'senders' }]);
  expect(told()).toEqual(['chain senders 0 critical']);
  await pass(600, []);
  expect(told()).toEqual(['chain senders 0 critical', 'chain senders 1 low']);
});

test('gateways that are silent together are one message, and the word that they are back too', async () => {
  await pass(60, silent('edge1', 'edge2'));
  await pass(60, silent('edge2'));
  expect(told()).toEqual(['chain gateway 0 high']);
  expect(channels.tried[0]?.notice.title).toContain('edge1, edge2');
  await pass(60, []);
  expect(told()).toHaveLength(2);
  expect(channels.tried[1]?.notice.title).toContain('edge1, edge2');
});

test('a restart in between tells nothing twice, and forgets nobody who waits for the word', async () => {
  await pass(60, [{ link: 'stream' }]);
  teller = open();
  await pass(60, [{ link: 'stream' }]);
  teller = open();
  await pass(60, []);
  expect(told()).toEqual(['chain stream 0 critical', 'chain stream 1 low']);
  expect(statSync(join(folder, 'canary.json')).mode & 0o777).toBe(0o600);
});

test('what could not be told is tried again with the same id', async () => {
  let isWell = false;
  channels.answer(url, () =>
    isWell ? { outcome: 'sent' } : { outcome: 'retry', code: 'notify.unreachable' },
  );
  await pass(120, [{ link: 'senders' }]);
  isWell = true;
  await pass(120, [{ link: 'senders' }]);
  expect(channels.tried.length).toBeGreaterThan(2);
  expect(new Set(channels.tried.map(({ notice }) => notice.id)).size).toBe(1);
});

test('of a database that is gone one message is enough, and what nobody was told needs no end', async () => {
  isStoreGone = true;
  await pass(300, [{ link: 'store' }]);
  await pass(60, []);
  expect(told()).toEqual([]);
});
