import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '@watchpost/contracts/alert';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AlertStream } from '../support/alert-stream.ts';
import { ApiClient } from '../support/api-client.ts';
import { sensorSite } from '../support/sensor-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';

const lostSite = sensorSite('lost', [
  { id: 'smoke', gateway: 'real', kind: 'smoke' },
  { id: 'camera', gateway: 'plain', kind: 'camera' },
  { id: 'gas', gateway: 'plain', kind: 'temperature' },
]);
// What the site's policy says in minutes, in seconds.
const losses = { brokerMs: 4_000, gatewayMs: 40_000, cameraMs: 2_000, deviceMs: 1_000, settingsMs: 60_000 };
const isOf = (type: string, id: string, condition: Alert['condition']) => (alert: Alert) =>
  alert.eventType === `watchpost.${type}.v1` && alert.device === id && alert.condition === condition;

let site: SiteProcesses;
let stream: AlertStream;
beforeAll(async () => {
  const reader = { kind: 'integrator', name: 'alerting-reader', site: lostSite.id } as const;
  site = await startSiteProcesses({ site: lostSite, policy: { losses }, otherIdentities: [reader] });
  stream = await AlertStream.open(await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' }));
});
afterAll(async () => {
  stream?.close();
  await site?.stop();
});

test('a device and a camera that their gateway has lost are told once each, and when they are back', async () => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${site.mqttPort}`, {
    ...{ username: 'plain', password: 'plain', clientId: 'wp-lost-plain' },
  });
  const say = (status: 'ok' | 'lost') =>
    client.publishAsync(
      'wp/1/lost/plain/state',
      JSON.stringify({
        ...{ status: 'online', time: new Date().toISOString(), version: '1' },
        ...{ clockOffsetMs: null, epoch: null, outboxDepth: 0 },
        devices: ['camera', 'gas'].map((id) => ({ device: id, status, readings: 1, unreadable: 0 })),
      }),
      { qos: 1, retain: true },
    );
  await say('lost');
  await stream.next('the loss of the camera', isOf('tamper.video_loss', 'camera', 'active'));
  await stream.next('the loss of the device', isOf('device.lost', 'gas', 'active'));
  await say('ok');
  const back = await stream.next('the camera is back', isOf('tamper.video_loss', 'camera', 'cleared'));
  expect(back).toMatchObject({ eventCount: 1, details: { durationMs: expect.any(Number) } });
  await stream.next('the device is back', isOf('device.lost', 'gas', 'cleared'));
  await client.endAsync();
});

test('a gateway that is killed is told on a timer of its own, its devices with it, and when it is back', async () => {
  const start = () =>
    site.startGateway({
      gateway: 'real',
      devices: [
        {
          kind: 'smoke',
          id: 'smoke',
          zone: 'hall',
          profile: 'generic-smoke',
          connect: { driver: 'simulator' },
        },
      ],
      policy: { require: false },
    });
  const gateway = await start();
  const exited = once(gateway, 'exit');
  gateway.kill('SIGKILL');
  await exited;
  const lost = await stream.next('the loss of the gateway', isOf('gateway.lost', 'real', 'active'), 90_000);
  expect(lost).toMatchObject({ severity: 'high', zone: 'hall', details: { devices: 1 } });
  expect(stream.alerts.some(isOf('device.lost', 'smoke', 'active'))).toBe(false);
  const again = await start();
  const back = await stream.next('the gateway is back', isOf('gateway.lost', 'real', 'cleared'));
  expect(back.details.durationMs).toBeGreaterThan(0);
  again.kill();
});

test('a gateway that cannot write to its disk runs, and its fault is told', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'watchpost-read-only-'));
  const mayMount = process.getuid?.() === 0;
  if (mayMount) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,ro', 'tmpfs', disk]);
  else chmodSync(disk, 0o500);
  try {
    const gateway = await site.startGateway({
      gateway: 'real',
      dataFolder: join(disk, 'data'),
      devices: [
        {
          kind: 'smoke',
          id: 'smoke',
          zone: 'hall',
          profile: 'generic-smoke',
          connect: { driver: 'simulator' },
        },
      ],
      policy: { require: false },
    });
    const fault = await stream.next('the fault of the disk', isOf('gateway.fault', 'real', 'active'));
    expect(fault.details.error).toBe('edge.disk_unwritable');
    const exited = once(gateway, 'exit');
    gateway.kill();
    await exited;
  } finally {
    if (mayMount) execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  }
});

test('what alerting itself cannot hear is told, and a broker that comes back empty retains every open alert again', async () => {
  await site.killBroker();
  await stream.next('the loss of the broker', isOf('broker.lost', 'alerting', 'active'));
  await site.restartBroker();
  await stream.next('the broker is back', isOf('broker.lost', 'alerting', 'cleared'));
  const retained = new Set<string>();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${site.mqttPort}`, {
    ...{ username: 'alerting-reader', password: 'alerting-reader', clientId: 'reader-of-alerts' },
  });
  client.on('message', (topic, payload) => payload.length > 0 && retained.add(topic.split('/').at(-1) ?? ''));
  await client.subscribeAsync('wp/1/lost/alerts/+', { qos: 1 });
  const open = new Set(stream.alerts.map(({ id }) => id));
  await expect.poll(() => open.difference(retained).size, { timeout: 30_000 }).toBe(0);
  await client.endAsync();
});
