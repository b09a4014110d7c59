import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayIdSchema, gatewayStateSchema, parseWith, zoneIdSchema } from '@watchpost/contracts/wire';
import { BrokerWithHabits } from '@watchpost/service/testing/broker-with-habits';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClockFile } from '../clock/clock-file.ts';
import { Outbox } from '../outbox/outbox.ts';
import { TelemetryBuffer } from '../outbox/telemetry-buffer.ts';
import { Uplink } from './uplink.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 10 });
const topic = (name: string) => `wp/1/s1/g1/${name}`;

let folder: string;
let broker: BrokerWithHabits;
let outbox: Outbox;
let uplink: Uplink;
let log: { reason?: string; fault?: string }[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-bad-broker-'));
  log = [];
  broker = new BrokerWithHabits();
  await broker.start();
  const clock = new ClockFile(join(folder, 'clock.json'), () => undefined);
  const gateway = gatewayIdSchema.parse('g1');
  outbox = new Outbox({
    path: join(folder, 'outbox.sqlite'),
    site: 's1',
    gateway,
    maxBytes: 1 << 20,
    clock: clock.clock,
    now: Date.now,
  });
  uplink = new Uplink({
    broker: { url: broker.url },
    site: 's1',
    gateway,
    log: pino({ level: 'warn' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    limits: { firstRetryMs: 20, maxRetryMs: 50, pubackMs: 500, subackMs: 500 },
    receipts: { withinMs: 1_500, atMostMs: 60_000 },
    outbox,
    telemetry: new TelemetryBuffer(clock.clock),
    telemetryEveryMs: 100_000,
    waitForOffsetMs: 10,
    clock,
    state: (status) =>
      parseWith(gatewayStateSchema, {
        status,
        time: new Date().toISOString(),
        version: '0',
        clockOffsetMs: null,
        epoch: outbox.epoch,
        outboxDepth: outbox.depth,
        devices: [],
      }),
    onCommand: () => undefined,
    onPolicy: () => undefined,
    onRefused: () => undefined,
  });
});
afterEach(async () => {
  await uplink.stop();
  await broker.stop();
  outbox.close();
  rmSync(folder, { recursive: true });
});

function alarm(): void {
  outbox.append({
    type: 'watchpost.sensor.alarm.v1',
    device: 'd1',
    zone: zoneIdSchema.parse('hall'),
    capturedAtMs: Date.now(),
    data: { kind: 'smoke', value: 1 },
  });
  uplink.eventStored();
}

const sent = () => broker.publications.filter((one) => one.topic === topic('up')).length;
/** What the broker would say of the gateway once the connection has ended. */
const wills = () => broker.wills.map(({ payload }) => (JSON.parse(payload) as { status: string }).status);

test('no PUBACK: the gateway does not stay online on a line that takes nothing, and sends again', async () => {
  uplink.start();
  await until(() => expect(uplink.connected).toBe(true));
  broker.habits.puback = false;
  alarm();
  await until(() => expect(wills()).toContain('offline'));
  expect(log).toContainEqual(expect.objectContaining({ fault: 'no_puback' }));
  broker.habits.puback = true;
  const before = sent();
  await until(() => expect(sent()).toBeGreaterThan(before));
});

test('no receipt though the broker takes everything: the connection ends, the log says why, the event is sent again', async () => {
  uplink.start();
  await until(() => expect(uplink.connected).toBe(true));
  alarm();
  await until(() => expect(wills()).toContain('offline'));
  expect(log).toContainEqual(
    expect.objectContaining({ fault: 'given_up', reason: 'no receipt for events within 1500 ms' }),
  );
  await until(() => expect(broker.connects.length).toBeGreaterThan(1));
  const time = new Date().toISOString();
  await until(() => {
    broker.deliver(topic('receipt'), { epoch: outbox.epoch, seq: 1, time });
    expect(outbox.depth).toBe(0);
  });
});

test('a gateway with nothing to say keeps its connection without receipts', async () => {
  uplink.start();
  await until(() => expect(uplink.connected).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(broker.connects).toHaveLength(1);
});
