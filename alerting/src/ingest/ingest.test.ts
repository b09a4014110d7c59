import { randomUUID } from 'node:crypto';
import { gatewayTopic } from '@watchpost/contracts/wire';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAlerts } from '../store/alert-queue.ts';
import { IngestSite } from '../testing/ingest-site.ts';
import { doorAlarm, forgedPass, wireEvent } from '../testing/test-events.ts';

let site: IngestSite;
beforeAll(async () => {
  site = await IngestSite.open();
});
afterAll(() => site.close());
beforeEach(() => site.begin());
afterEach(() => site.end());

const up = (payload: unknown, gateway?: string) => site.publish('up', payload, gateway);

test('when a device was up is written down, by what its gateway says of it', async () => {
  await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })));
  await site.receiptAt(1);
  const say = (status: 'online' | 'offline', health: string) =>
    site.listener.client.publishAsync(
      gatewayTopic('state', 'test', 'edge2'),
      JSON.stringify({
        ...{ status, time: new Date().toISOString(), version: '1', clockOffsetMs: null, epoch: null },
        ...{
          outboxDepth: 0,
          devices: [{ device: 'temp2', status: health, readings: 0, unreadable: 0 }],
        },
      }),
      { qos: 1 },
    );
  const written = async () =>
    (
      await site.store.db
        .selectFrom('device_status')
        .select('status')
        .where('device', '=', 'temp2')
        .orderBy('at')
        .execute()
    ).map(({ status }) => status);
  await say('online', 'ok');
  await expect.poll(written, { timeout: 20_000 }).toEqual(['up']);
  await say('online', 'lost');
  await expect.poll(written, { timeout: 20_000 }).toEqual(['up', 'down']);
  await say('online', 'ok');
  await say('offline', 'ok');
  await expect.poll(written, { timeout: 20_000 }).toEqual(['up', 'down', 'up', 'down']);
});

test('two live gateways with one identity are noticed, and both are heard', async () => {
  const other = randomUUID().replaceAll('-', '');
  await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })));
  await site.receiptAt(1);
  await up(wireEvent(forgedPass({ epoch: other, seq: 1 })));
  await site.receiptAt(1, other);
  expect(site.gateways.status('edge1')?.error).toBeUndefined();
  await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 2 })));
  await site.receiptAt(2);
  await up(wireEvent(forgedPass({ epoch: other, seq: 2 })));
  await site.receiptAt(2, other);
  expect([await site.storedSeqs(), await site.storedSeqs(other)]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(site.gateways.status('edge1')?.error).toBe('wire.duplicate_identity');
  expect(site.gateways.status('edge2')?.error).toBeUndefined();
  expect((await site.rejectCounts())['wire.duplicate_identity']).toBe(1);
  expect(site.live).toContainEqual(
    expect.objectContaining({
      name: 'gateway',
      payload: expect.objectContaining({ error: 'wire.duplicate_identity' }),
    }),
  );
});

test('a late event fills history and pages nobody', async () => {
  const time = new Date(Date.now() - 11 * 60_000).toISOString();
  const open = () =>
    listAlerts(site.store.db, { sites: ['test'], states: ['open'], order: 'urgency', limit: 500 });
  const before = await open();
  await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 1, time })));
  await site.receiptAt(1);
  expect(await site.storedSeqs()).toEqual([1]);
  expect(site.gateways.status('edge1')?.lateEvents).toBeGreaterThan(0);
  expect(await open()).toEqual(before);
  expect(site.lateTimes).toContain(Date.parse(time));
});

test('a cleared sensor marks its alert, which stays', async () => {
  const alarm = wireEvent({
    ...doorAlarm({ epoch: site.epoch, seq: 1, device: 'temp2' }),
    data: { kind: 'temperature' },
  });
  await up(alarm, 'edge2');
  const { id } = await site.listener.until(({ topic, payload }) => {
    const alert = topic.startsWith('wp/1/test/alerts/') && payload !== '' ? JSON.parse(payload) : undefined;
    return alert?.details.kind === 'temperature' ? alert : undefined;
  });
  await up(
    wireEvent({
      type: 'watchpost.sensor.cleared.v1',
      data: { kind: 'temperature' },
      device: 'temp2',
      epoch: site.epoch,
      seq: 2,
    }),
    'edge2',
  );
  const cleared = await site.listener.until(({ topic, payload }) => {
    const alert = topic === `wp/1/test/alerts/${id}` ? JSON.parse(payload) : undefined;
    return alert?.condition === 'cleared' ? alert : undefined;
  });
  expect(cleared).toMatchObject({ state: 'open', version: 2, eventCount: 1 });
});

test('what a gateway says of itself is shown, nonsense is counted', async () => {
  const state = {
    status: 'online',
    time: new Date().toISOString(),
    version: '1.0.0',
    clockOffsetMs: 12,
    epoch: site.epoch,
    outboxDepth: 0,
    devices: [{ device: 'cam1', status: 'ok', readings: 5, unreadable: 0 }],
  };
  const publish = (payload: object) =>
    site.listener.client.publishAsync('wp/1/test/edge1/state', JSON.stringify(payload), {
      qos: 1,
      retain: true,
    });
  const nonsense = await site.countedWhile('wire.schema', async () => {
    await publish({ ...state, status: 'asleep' });
    await publish(state);
    await up(wireEvent(forgedPass({ epoch: site.epoch, seq: 1 })));
    await site.receiptAt(1);
  });
  expect(nonsense).toBe(1);
  expect(site.gateways.status('edge1')).toMatchObject({ status: 'online', clockOffsetMs: 12 });
  expect(site.gateways.status('edge2')?.status).toBe('unknown');
});

test('measurements are stored; of unknown devices and in impossible times they are not', async () => {
  const now = Math.floor(Date.now() / 1000);
  const pack = [
    { bn: 'temp2/', bt: now, n: 'temperature', u: 'Cel', v: 21.5 },
    { n: 'temperature', u: 'Cel', v: 22, t: 1 },
    { n: 'temperature', u: 'Cel', v: 23, t: -now + 2 ** 28 },
    { bn: 'smoke1/', n: 'level', v: 1 },
  ];
  await site.listener.client.publishAsync('wp/1/test/edge2/telemetry', JSON.stringify(pack), { qos: 0 });
  await up(
    wireEvent({
      ...doorAlarm({ epoch: site.epoch, seq: 1, device: 'temp2' }),
      data: { kind: 'temperature' },
    }),
    'edge2',
  );
  await site.receiptAt(1, site.epoch, 'edge2');
  const rows = await site.store.db
    .selectFrom('telemetry')
    .select('value')
    .where('device', '=', 'temp2')
    .execute();
  expect(rows.map(({ value }) => value).sort()).toEqual([21.5, 22]);
  expect(await site.rejectCounts()).toMatchObject({ 'wire.unknown_device': expect.any(Number) });
});
