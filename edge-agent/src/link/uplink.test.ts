import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  gatewayIdSchema,
  gatewayStateSchema,
  parseEvent,
  parseWith,
  zoneIdSchema,
} from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClockFile } from '../clock/clock-file.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import { Outbox } from '../outbox/outbox.ts';
import { TelemetryBuffer } from '../outbox/telemetry-buffer.ts';
import { TestBroker } from '../testing/test-broker.ts';
import { Uplink } from './uplink.ts';

const topic = (name: string) => `wp/1/s1/g1/${name}`;
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

let folder: string;
let broker: TestBroker;
let outbox: Outbox;
let uplink: Uplink;
let refused: string[];
let commands: string[];
let telemetry: TelemetryBuffer;
let clock: ClockFile;

const openOutbox = () =>
  new Outbox({
    path: join(folder, 'outbox.sqlite'),
    site: 's1',
    gateway: gatewayIdSchema.parse('g1'),
    maxBytes: 1 << 20,
    clock: clock.clock,
    now: Date.now,
  });

const openUplink = (waitForOffsetMs = 100) =>
  new Uplink({
    broker: { url: broker.url },
    site: 's1',
    gateway: 'g1',
    log: pino({ level: 'silent' }),
    limits: { firstRetryMs: 50, maxRetryMs: 200 },
    outbox,
    telemetry,
    telemetryEveryMs: 100,
    forgottenAfterMs: 200,
    waitForOffsetMs,
    clock,
    state: (status) =>
      parseWith(gatewayStateSchema, {
        status,
        time: new Date().toISOString(),
        version: '0',
        clockOffsetMs: clock.clock.offsetMs,
        epoch: outbox.epoch,
        outboxDepth: outbox.depth,
        devices: [],
      }),
    onCommand: (payload) => commands.push(Buffer.from(payload).toString()),
    onPolicy: () => undefined,
    onRefused: ({ code }) => refused.push(code),
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-uplink-'));
  refused = [];
  commands = [];
  broker = new TestBroker();
  await broker.start();
  clock = new ClockFile(join(folder, 'clock.json'), () => undefined);
  telemetry = new TelemetryBuffer(clock.clock);
  outbox = openOutbox();
  uplink = openUplink();
});
afterEach(async () => {
  await uplink.stop();
  await broker.stop();
  outbox.close();
  rmSync(folder, { recursive: true });
});

function write(value: number, kind: 'door' | 'smoke' = 'door'): void {
  const draft: EventDraft = {
    type: 'watchpost.sensor.alarm.v1',
    device: 'd1',
    zone: zoneIdSchema.parse('hall'),
    capturedAtMs: Date.now(),
    data: { kind, value },
  };
  outbox.append(draft);
  uplink.eventStored();
}

const values = () =>
  broker.on(topic('up')).map((event) => (parseEvent(event).data as { value: number }).value);
const receipt = (seq: number, epoch = outbox.epoch, time = new Date()) =>
  broker.publish(topic('receipt'), { epoch, seq, time: time.toISOString() }, true);

test('events, state and measurements reach the broker; a receipt empties the outbox', async () => {
  uplink.start();
  await until(() => expect(uplink.connected).toBe(true));
  write(1);
  telemetry.add({ device: 'd1', metric: 'temperature', unit: 'Cel', value: 21.5, timeMs: 1_767_225_600_500 });
  await until(() => expect(values()).toEqual([1]));
  await until(() => expect(broker.on(topic('telemetry'))).toHaveLength(1));
  expect(broker.on(topic('telemetry'))[0]).toEqual({
    bn: 'd1/',
    bt: 1_767_225_600.5,
    n: 'temperature',
    u: 'Cel',
    v: 21.5,
  });
  expect(broker.messages.find((message) => message.topic === topic('state'))).toMatchObject({ retain: true });
  await receipt(1);
  await until(() => expect(outbox.depth).toBe(0));
});

test('what was written while the broker was away, or crashed with it, arrives afterwards', async () => {
  write(1);
  uplink.start();
  await until(() => expect(values()).toContain(1));
  await broker.stop();
  await until(() => expect(uplink.connected).toBe(false));
  write(2);
  write(3, 'smoke');
  broker.messages.length = 0;
  await broker.start();
  await until(() => expect(new Set(values())).toEqual(new Set([1, 2, 3])));
  // The urgent one came first.
  expect(values()[0]).toBe(3);
});

test('an outbox that is closed and opened again goes on in the same epoch', async () => {
  uplink.start();
  write(1);
  await until(() => expect(values()).toEqual([1]));
  const { epoch } = outbox;
  await uplink.stop();
  outbox.close();
  outbox = openOutbox();
  uplink = openUplink();
  expect(outbox.epoch).toBe(epoch);
  broker.messages.length = 0;
  uplink.start();
  await until(() => expect(values()).toEqual([1]));
});

test('going away says offline as the retained state, and the will stays unsaid', async () => {
  uplink.start();
  await until(() => expect(broker.on(topic('state')).at(-1)?.status).toBe('online'));
  write(1);
  await uplink.stop();
  await broker.allGone();
  const offline = broker.on(topic('state')).filter(({ status }) => status === 'offline');
  // The will was made before the event was written.
  expect(offline.map(({ outboxDepth }) => outboxDepth)).toEqual([1]);
});

test('when the connection is cut the will says offline', async () => {
  uplink.start();
  await until(() => expect(broker.on(topic('state')).at(-1)?.status).toBe('online'));
  broker.cut();
  await until(() => expect(broker.on(topic('state')).map(({ status }) => status)).toContain('offline'));
  await until(() => expect(broker.on(topic('state')).at(-1)?.status).toBe('online'));
});

test('receipts tell the clock offset, except retained ones', async () => {
  await receipt(0, outbox.epoch, new Date(Date.now() - 9_999_999));
  uplink.start();
  await until(() => expect(uplink.connected).toBe(true));
  expect(clock.clock.offsetMs).toBeNull();
  await receipt(0, outbox.epoch, new Date(Date.now() - 60_000));
  await until(() => expect(clock.clock.offsetMs).not.toBeNull());
  expect(Math.abs((clock.clock.offsetMs ?? 0) + 60_000)).toBeLessThan(5000);
});

test('an event from before the offset was known says it when it leaves; one that leaves without it says so', async () => {
  write(1);
  uplink.start();
  await until(() => expect(values()).toEqual([1]));
  expect(broker.on(topic('up'))[0]).toMatchObject({ clocksource: 'none' });
  expect(broker.on(topic('up'))[0]).not.toHaveProperty('clockoffset');
  await uplink.stop();
  broker.messages.length = 0;
  write(2);
  uplink = openUplink(20_000); // so long that the receipt is in time on a slow machine
  uplink.start();
  await until(() => expect(uplink.connected).toBe(true));
  await receipt(0, outbox.epoch, new Date(Date.now() + 3_600_000));
  await until(() => expect(values()).toEqual([1, 2]));
  write(3);
  await until(() => expect(values()).toContain(3));
  for (const event of broker.on(topic('up')).map((sent) => parseEvent(sent))) {
    expect(event.clocksource).toBe('receipt');
    expect(Math.abs((event.clockoffset ?? 0) - 3_600_000)).toBeLessThan(5000);
  }
});

test('receipts that are garbage, or of another epoch, change nothing', async () => {
  uplink.start();
  write(1);
  await until(() => expect(values()).toEqual([1]));
  await broker.publish(topic('receipt'), 'garbage');
  await broker.publish(topic('receipt'), { epoch: outbox.epoch, seq: -1, time: 'never' });
  await receipt(1, 'f'.repeat(32));
  await until(() => expect(refused).toEqual(['wire.not_json', 'wire.schema']));
  await broker.publish(topic('cmd'), 'x');
  await until(() => expect(commands).toEqual(['x']));
  expect(outbox.depth).toBe(1);
});

test('when the store was replaced and counts from zero, the waiting events go on under a new epoch', async () => {
  uplink.start();
  write(1);
  write(2);
  await receipt(1);
  await until(() => expect(outbox.depth).toBe(1));
  const { epoch } = outbox;
  await receipt(0, epoch);
  await new Promise((resolve) => setTimeout(resolve, 50));
  // One late receipt alone proves nothing.
  expect(outbox.epoch).toBe(epoch);
  await new Promise((resolve) => setTimeout(resolve, 250));
  await receipt(0, epoch);
  await until(() => expect(outbox.epoch).not.toBe(epoch));
  await until(() => {
    const again = broker.on(topic('up')).filter((event) => event.epoch === outbox.epoch);
    expect(again.map(({ seq, data }) => [seq, (data as { value: number }).value])).toEqual([[1, 2]]);
  });
});

test('without a receipt in time an event is sent again', async () => {
  uplink.start();
  write(1);
  await until(() => expect(values().length).toBeGreaterThan(1));
});
