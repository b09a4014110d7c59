import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '@watchpost/contracts/errors';
import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { callHook, type HookCall } from '../../testing/call-hook.ts';
import { type RunningSensor, runningSensor } from '../../testing/running-sensor.ts';
import { type SharedConnections, sharedConnections } from '../shared-connections.ts';
import { HookMemory } from './hook-memory.ts';
import { judgeHook } from './hook-signature.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const key = 'a key of tests only';
const minute = 60_000;
const entry = {
  ...{ id: 'smoke', kind: 'smoke', profile: 'generic-smoke', zone: 'hall' },
  connect: { driver: 'webhook', key: { secret: 'smoke-key' }, value: { pointer: '/smoke' } },
};

let folder: string;
let stray: ErrorCode[];
let unwritable: string[];
let aside: string[];
/** How much the gateway’s corrected time is ahead of this machine’s. */
let aheadMs: number;
let isUnknown: boolean;
let shared: SharedConnections;
let sensor: RunningSensor;

function connections(port = 0): SharedConnections {
  return sharedConnections({
    config: {
      ...{ site: 's1', gateway: 'g1', dataFolder: folder, secretsFolder: folder, secretFiles: {} },
    },
    hooks: () => ({ address: '127.0.0.1', port }),
    log: pino({ level: 'silent' }),
    clock: {
      nowMs: () => Date.now() + aheadMs,
      get isUnknown() {
        return isUnknown;
      },
    },
    onStray: ({ code }) => void stray.push(code),
    onUnwritable: (file) => void unwritable.push(file),
    onCorrupt: (file) => void aside.push(file),
  });
}
async function start(port = 0): Promise<void> {
  shared = connections(port);
  sensor = runningSensor(entry, shared, { hooks: { port: 9 } });
  sensor.devices.start();
  await until(() => expect(sensor.health.snapshot().status).toBe('ok'));
}
beforeEach(() => {
  [stray, unwritable, aside, aheadMs, isUnknown] = [[], [], [], 0, false];
  folder = mkdtempSync(join(tmpdir(), 'watchpost-hooks-'));
  writeFileSync(join(folder, 'smoke-key'), `${key}\n`, { mode: 0o600 });
});
afterEach(async () => {
  await sensor.stop();
  rmSync(folder, { recursive: true });
});
const call = (message: unknown, more: Partial<HookCall> = {}) =>
  callHook(shared.hooks.port ?? 0, 'smoke', message, { key, ...more });
const alarms = () => sensor.taken.map(({ type }) => type);

test('a signed message of now is taken', async () => {
  await start();
  expect(await call({ smoke: true })).toEqual({ status: 204, code: null });
  expect(alarms()).toEqual(['watchpost.sensor.alarm.v1']);
});

describe('a message is refused with its own code, counted, and shows in the health of its device', () => {
  const time = Date.now();
  it.each<[string, number, ErrorCode, () => Partial<HookCall>, unknown?]>([
    [
      'without a signature',
      401,
      'edge.hook_signature',
      () => ({ headers: { 'watchpost-signature': undefined } }),
    ],
    ['without a time', 401, 'edge.hook_signature', () => ({ headers: { 'watchpost-time': undefined } })],
    ['signed with another key', 401, 'edge.hook_signature', () => ({ key: 'another key of tests' })],
    [
      'with the signature of another time',
      401,
      'edge.hook_signature',
      () => ({ headers: { 'watchpost-time': `${time}` } }),
    ],
    [
      'with half a signature',
      401,
      'edge.hook_signature',
      () => ({ headers: { 'watchpost-signature': 'sha256=00' } }),
    ],
    ['with a time in words', 401, 'edge.hook_signature', () => ({ time: 'now' })],
    ['dated six minutes ago', 403, 'edge.hook_time', () => ({ time: Date.now() - 6 * minute })],
    ['dated in six minutes', 403, 'edge.hook_time', () => ({ time: Date.now() + 6 * minute })],
    [
      'of more than 64 KiB',
      413,
      'edge.hook_too_large',
      () => ({}),
      { smoke: true, more: 'x'.repeat(65 * 1024) },
    ],
    ['that its mapping does not understand', 422, 'edge.reading_unreadable', () => ({}), { fire: 1 }],
    ['that is no JSON', 422, 'edge.reading_unreadable', () => ({}), '{"smoke":'],
  ])('%s', async (_what, status, code, more, message = { smoke: true }) => {
    await start();
    expect(await call(message, more())).toEqual({ status, code });
    expect(sensor.health.snapshot()).toMatchObject({
      status: 'degraded',
      error: code,
      unreadable: 1,
      readings: 0,
    });
    expect(sensor.taken).toEqual([]);
    expect((await call({ smoke: true })).status).toBe(204);
  });
});

test('a message in the name of no device is refused, and told', async () => {
  await start();
  for (const path of ['/hook/other', '/hook/', '/hook/smoke/x', '/', '/hook/smoke?x=1'])
    expect(await call({ smoke: true }, { path })).toEqual({ status: 404, code: 'edge.hook_unknown' });
  expect((await call({ smoke: true }, { method: 'PUT' })).status).toBe(404);
  expect(stray).toHaveLength(6);
  expect(sensor.health.snapshot().unreadable).toBe(0);
});

test('the time is the corrected one of the gateway; while nobody knows it, alarms are heard', async () => {
  aheadMs = 60 * minute;
  await start();
  expect(await call({ smoke: true })).toMatchObject({ code: 'edge.hook_time' });
  expect((await call({ smoke: false }, { time: Date.now() + 60 * minute })).status).toBe(204);
  isUnknown = true;
  expect((await call({ smoke: true })).status).toBe(204);
  expect(alarms()).toEqual(['watchpost.sensor.alarm.v1']);
});

test('a message is taken once, also after a restart', async () => {
  await start();
  const time = Date.now();
  expect((await call({ smoke: true }, { time })).status).toBe(204);
  expect(await call({ smoke: true }, { time })).toEqual({ status: 409, code: 'edge.hook_repeated' });
  // The same signature in other letters is the same.
  const hex = createHmac('sha256', key).update(`${time}.{"smoke":true}`).digest('hex').toUpperCase();
  const headers = { 'watchpost-signature': `sha256=${hex}` };
  expect(await call({ smoke: true }, { time, headers })).toMatchObject({ code: 'edge.hook_repeated' });
  await sensor.stop();
  await start();
  expect(await call({ smoke: true }, { time })).toEqual({ status: 409, code: 'edge.hook_repeated' });
  expect((await call({ smoke: true }, { time: time + 1 })).status).toBe(204);
  expect(unwritable).toEqual([]);
});

test('a damaged memory is set aside, and one that cannot be written costs no alarm', async () => {
  writeFileSync(join(folder, 'hooks.sqlite'), 'x'.repeat(8192));
  await start();
  expect((await call({ smoke: true })).status).toBe(204);
  expect(aside).toHaveLength(1);
  await sensor.stop();
  rmSync(join(folder, 'hooks.sqlite'));
  rmSync(join(folder, 'hooks.sqlite-wal'), { force: true });
  // A folder in its place cannot be opened, whoever asks.
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(folder, 'hooks.sqlite'));
  await start();
  const time = Date.now();
  expect((await call({ smoke: true }, { time })).status).toBe(204);
  expect(unwritable).toEqual(['hooks.sqlite']);
  expect((await call({ smoke: true }, { time })).status).toBe(409);
});

test('a key that is missing, short or open to others is told, and taken when it is right', async () => {
  await start();
  const file = join(folder, 'smoke-key');
  chmodSync(file, 0o644);
  expect(await call({ smoke: true })).toMatchObject({ code: 'config.secret_file' });
  rmSync(file);
  expect(await call({ smoke: true })).toMatchObject({ code: 'config.secret_file' });
  writeFileSync(file, 'short', { mode: 0o600 });
  expect(await call({ smoke: true }, { key: 'short' })).toMatchObject({ code: 'config.secret_file' });
  writeFileSync(file, key);
  expect((await call({ smoke: true })).status).toBe(204);
});

test('a port that is taken is tried again until it is free', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  const starting = start(port);
  await until(() =>
    expect(sensor.health.snapshot()).toMatchObject({ status: 'lost', error: 'edge.hook_listener' }),
  );
  squatter.close();
  await starting;
  expect(shared.hooks.port).toBe(port);
});

test('a configuration with such a device needs a place to listen', () => {
  expect(() => runningSensor(entry, connections())).toThrow(
    expect.objectContaining({ code: 'config.invalid', path: '/hooks' }),
  );
});

describe('the memory', () => {
  const open = (perDevice: number) =>
    new HookMemory({
      path: join(folder, 'memory.sqlite'),
      onUnwritable: () => expect.fail('unwritable'),
      onCorrupt: () => expect.fail('corrupt'),
      perDevice,
    });

  it('forgets nothing that its time alone would not refuse, and refuses more than it may hold', async () => {
    await start();
    const memory = open(3);
    for (const id of ['a', 'b', 'c']) expect(memory.remember('d', id, 1000, 1000)).toBe('new');
    expect(memory.remember('d', 'x', 1000, 1000)).toBe('full');
    expect(memory.remember('e', 'x', 1000, 1000)).toBe('new');
    expect(memory.remember('d', 'a', 1000, 1000 + 5 * minute)).toBe('taken');
    expect(memory.remember('d', 'x', 1000, 1000 + 11 * minute)).toBe('new');
    memory.close();
    const again = open(3);
    expect(again.remember('d', 'x', 1000, 1000 + 11 * minute)).toBe('taken');
    again.close();
  });
});

it('no change of time, body, key or signature passes', async () => {
  await start();
  const bytes = fc.uint8Array({ maxLength: 64 });
  const now = 1_800_000_000_000;
  fc.assert(
    fc.property(
      bytes,
      bytes,
      fc.integer({ min: -1, max: 1 }),
      fc.boolean(),
      (body, other, shift, sameKey) => {
        const time = String(now);
        const signature = `sha256=${createHmac('sha256', key).update(`${time}.`).update(body).digest('hex')}`;
        const verdict = judgeHook(
          { time: String(now + shift), signature, body: other },
          sameKey ? key : 'another key of tests',
          now,
        );
        const isSame = shift === 0 && sameKey && Buffer.from(body).equals(Buffer.from(other));
        expect('id' in verdict).toBe(isSame);
        const right = judgeHook({ time, signature, body }, key, now);
        expect('id' in right).toBe(true);
      },
    ),
  );
});
