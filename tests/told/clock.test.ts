import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@watchpost/contracts/alert';
import { gatewayListSchema } from '@watchpost/contracts/api';
import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';
import { generateIssuerKey, issuePass, publicPart } from '@watchpost/passes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeClip, squarePicture } from '../../edge-agent/src/testing/encode-clip.ts';
import { RtspServer } from '../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { AlertStream } from '../support/alert-stream.ts';
import { ApiClient } from '../support/api-client.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { GatewayRemote } from '../support/gateway-remote.ts';
import { type SensorSketch, sensorSite } from '../support/sensor-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { waitFor } from '../support/wait-for.ts';

// Gateways and alerting on machines whose clocks are wrong or jump, by libfaketime; the broker and this test
// have the true time.
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const wrong = [
  ['fast-15', 15 * minuteMs],
  ['slow-15', -15 * minuteMs],
  ['fast-180', 3 * hourMs],
  ['slow-180', -3 * hourMs],
] as const;
/** The clock of its machine is right until a test sets it. */
const jumping = 'jumping';
const toldWithinMs = 15_000;
/** How far a corrected time may be from the true one; the smallest error here is a hundred times as large. */
const nearMs = 8_000;
const fps = 10;

/** Jumps; each finds a detector and a reader that have said nothing yet. */
const jumps = 5;
const pairsOf = (gateway: string) =>
  gateway === jumping ? Array.from({ length: jumps }, (_, index) => `${jumping}-${index}`) : [gateway];

const devicesOf = (gateway: string): SensorSketch[] => [
  { id: `${gateway}-early`, gateway, kind: 'code_reader' },
  ...pairsOf(gateway).flatMap((name): SensorSketch[] => [
    { id: `${name}-smoke`, gateway, kind: 'smoke' },
    { id: `${name}-reader`, gateway, kind: 'code_reader' },
  ]),
];
const site = sensorSite('clocks', [
  ...[...wrong.map(([gateway]) => gateway), jumping].flatMap(devicesOf),
  { id: 'camera', gateway: jumping, kind: 'camera' },
]);

// Passes are judged by the server's time too: one is good for ten minutes, one was good until a minute ago.
const issuer = generateIssuerKey({ iss: 'tests' });
const impostor = generateIssuerKey({ iss: 'tests', kid: issuer.kid });
const nowS = Math.floor(Date.now() / 1000);
const pass = (jti: string, untilS: number, key = issuer) =>
  issuePass(
    { iss: 'tests', jti, aud: ['gate'], addr: 'unit-1', nbf: nowS - 600, exp: nowS + untilS, maxUses: 1000 },
    key,
  );
const texts = [pass('good', 600), pass('over', -64), pass('forged', 600, impostor)];
const scan = { good: 0, over: 1, forged: 2 };

const folder = mkdtempSync(join(tmpdir(), 'watchpost-clock-'));
const serverClock = new FakeClock();
const clocks = new Map([...wrong, [jumping, 0] as const].map(([name, ms]) => [name, new FakeClock(ms)]));
const camera = new RtspServer();
/** When each gateway was ready, by the true clock. */
const startedMs = new Map<string, number>();
let processes: SiteProcesses;
let api: ApiClient;
let stream: AlertStream;
let remote: GatewayRemote;

function configOf(gateway: string): Parameters<SiteProcesses['startGateway']>[0] {
  const sensor = { zone: 'hall', connect: { driver: 'simulator' } } as const;
  const reader = { ...sensor, kind: 'code_reader', profile: 'generic-code-reader' } as const;
  const devices: EdgeAgentConfigInput['devices'] = [
    ...pairsOf(gateway).flatMap((name) => [
      { ...sensor, kind: 'smoke' as const, id: `${name}-smoke`, profile: 'generic-smoke' },
      { ...reader, id: `${name}-reader`, connect: { ...sensor.connect, texts } },
    ]),
    // Speaks before the gateway has heard the server.
    {
      ...reader,
      id: `${gateway}-early`,
      connect: { ...sensor.connect, texts, schedule: [{ atMs: 0, action: 'scan', value: scan.forged }] },
    },
  ];
  if (gateway === jumping)
    devices.push({
      ...{ kind: 'camera', id: 'camera', zone: 'hall', profile: 'generic-camera', faces: false },
      ...{ codes: false, connect: { driver: 'rtsp', url: camera.url('scene') } },
    });
  return {
    gateway,
    logLevel: 'warn',
    devices,
    passes: { issuers: [publicPart(issuer)], audience: 'gate', countUses: false },
    policy: { require: false },
  };
}

async function startCamera(): Promise<void> {
  const path = join(folder, 'scene.h264');
  const pictures = Array.from({ length: 3 * fps }, (_, step) => squarePicture(320, 180, step));
  await encodeClip(path, pictures, fps);
  await camera.start();
  camera.streams.set('scene', { codec: 'h264', fps, bytes: readFileSync(path) });
}

beforeAll(async () => {
  await startCamera();
  processes = await startSiteProcesses({ site, clock: serverClock });
  api = await ApiClient.logIn({ ...processes, ready: true, mqtt: '', flows: '' });
  stream = await AlertStream.open(api);
  remote = await GatewayRemote.connect(processes.mqttPort, site.id);
  for (const [gateway, clock] of clocks) {
    await processes.startGateway(configOf(gateway), { clock });
    startedMs.set(gateway, Date.now());
  }
});
afterAll(async () => {
  stream?.close();
  await remote?.close();
  await processes?.stop();
  await camera.stop();
  for (const clock of [serverClock, ...clocks.values()]) clock.remove();
  rmSync(folder, { recursive: true, force: true });
});

const statusOf = async (gateway: string) =>
  gatewayListSchema
    .parse(await (await api.get('/gateways')).json())
    .gateways.find((status) => status.gateway === gateway);

/**
 * The alert of a device and type whose event is of that moment by the server's clock, give or take a few
 * seconds: it is live.
 */
async function toldAt(aroundMs: number, device: string, type: string): Promise<Alert> {
  const alert = await stream.next(
    `${type} of ${device}`,
    (one) => one.device === device && one.eventType === `watchpost.${type}.v1`,
    toldWithinMs,
  );
  expect(alert.lateMs).toBeUndefined();
  expect(alert.state).toBe('open');
  expect(Math.abs(Date.parse(alert.lastEventAt) - aroundMs)).toBeLessThan(nearMs);
  return alert;
}

async function nothingRefused(): Promise<void> {
  const { newest } = await api.rejects();
  expect(newest.map(({ code, device, path }) => [code, device, path])).toEqual([]);
}

describe.each(wrong)('a gateway whose clock is %s minutes off', (gateway, errorMs) => {
  test('what it reported before it had heard the server has its true time', async () => {
    await remote.knowsTime(gateway);
    await toldAt(startedMs.get(gateway) ?? 0, `${gateway}-early`, 'pass.rejected');
    const [event] = remote.eventsOf(`${gateway}-early`, 'pass.rejected');
    expect(Math.abs((event?.clockoffset ?? 0) + errorMs)).toBeLessThan(nearMs);
  });

  test('live smoke and a live forged pass are told as live, and nothing is refused', async () => {
    const nowMs = Date.now();
    await remote.trigger(gateway, `${gateway}-smoke`, 'alarm');
    await remote.trigger(gateway, `${gateway}-reader`, 'scan', scan.forged);
    expect(await toldAt(nowMs, `${gateway}-smoke`, 'sensor.alarm')).toMatchObject({ condition: 'active' });
    expect((await toldAt(nowMs, `${gateway}-reader`, 'pass.rejected')).details.reason).toBe('signature');
    await nothingRefused();
  });

  test('passes are judged by the server’s time', async () => {
    await remote.trigger(gateway, `${gateway}-reader`, 'scan', scan.good);
    await waitFor(
      'the good pass accepted',
      () => remote.eventsOf(`${gateway}-reader`, 'pass.accepted').length > 0,
      toldWithinMs,
    );
    await remote.trigger(gateway, `${gateway}-reader`, 'scan', scan.over);
    await stream.next(
      'the expired pass',
      ({ device, details }) => device === `${gateway}-reader` && details.reason === 'expired',
      toldWithinMs,
    );
  });

  test('that its clock is wrong is seen', async () => {
    const status = await waitFor('the error of the clock', async () => {
      const seen = await statusOf(gateway);
      return seen?.errors?.includes('edge.clock_wrong') ? seen : undefined;
    });
    expect(Math.abs((status.clockOffsetMs ?? 0) - errorMs)).toBeLessThan(nearMs);
    await stream.next(
      'the alert of the clock',
      ({ device, eventType, details }) =>
        device === gateway &&
        eventType === 'watchpost.gateway.fault.v1' &&
        details.error === 'edge.clock_wrong',
      toldWithinMs,
    );
  });
});

/** Nobody lost anything while a clock jumped: what looked at it would have within these seconds. */
async function nothingLost(): Promise<void> {
  await sleep(6_000);
  expect(camera.requests.filter(({ method }) => method === 'PLAY')).toHaveLength(1);
  const lost = stream.alerts.filter(({ eventType }) => /lost|tamper/.test(eventType));
  expect(lost.map(({ device, eventType }) => [device, eventType])).toEqual([]);
  for (const [gateway, { devices, status }] of remote.states) {
    expect([gateway, status]).toEqual([gateway, 'online']);
    for (const health of devices) expect(health).toMatchObject({ status: 'ok' });
  }
}

/** A detector and a reader of the gateway whose clock jumps speak now, and are told as live. */
async function speakNow(pair: string, serverIsAheadMs = 0): Promise<void> {
  const nowMs = Date.now() + serverIsAheadMs;
  await remote.trigger(jumping, `${pair}-smoke`, 'alarm');
  await remote.trigger(jumping, `${pair}-reader`, 'scan', scan.forged);
  const smoke = await toldAt(nowMs, `${pair}-smoke`, 'sensor.alarm');
  expect(smoke).toMatchObject({ condition: 'active' });
  await toldAt(nowMs, `${pair}-reader`, 'pass.rejected');
}

test.each([
  ['an hour forward', hourMs, `${jumping}-0`],
  ['from there four hours back', -3 * hourMs, `${jumping}-1`],
])(
  'the clock of a gateway is set %s while it runs: no decoder dies, nothing is silent, alarms are live',
  async (_, offsetMs, pair) => {
    await remote.knowsTime(jumping);
    await waitFor('the camera', () =>
      remote.states.get(jumping)?.devices.every(({ status }) => status === 'ok'),
    );
    await clocks.get(jumping)?.set(offsetMs);
    await speakNow(pair);
    await nothingLost();
    await nothingRefused();
  },
);

test.each([
  ['an hour forward', hourMs, `${jumping}-2`],
  ['to the right time again', 0, `${jumping}-3`],
  ['three hours back', -3 * hourMs, `${jumping}-4`],
])(
  'the clock of alerting is set %s while it runs: what comes the moment after is live',
  async (_, offsetMs, pair) => {
    await serverClock.set(offsetMs);
    await speakNow(pair, offsetMs);
    await nothingLost();
    await nothingRefused();
  },
);
