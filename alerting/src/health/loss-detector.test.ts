import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { type DeviceHealth, type GatewayState, gatewayStateSchema } from '@watchpost/contracts/wire';
import { beforeEach, expect, test } from 'vitest';
import { FakeScheduler } from '../jobs/fake-scheduler.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { testSite } from '../testing/test-site.ts';
import { LossDetector } from './loss-detector.ts';
import type { Finding } from './loss-finding.ts';

const limits = { brokerMs: 60_000, gatewayMs: 60_000, cameraMs: 30_000, deviceMs: 5_000, settingsMs: 60_000 };
const startMs = Date.parse('2026-11-01T08:00:00.000Z');
const onlyFirst: Site = { ...testSite, gateways: testSite.gateways.slice(0, 1) };

let scheduler: FakeScheduler;
let told: Finding[];
let lost: [string, string][];
let watch: LossDetector;

function create(known: readonly Alert[] = [], site = onlyFirst): LossDetector {
  const made = new LossDetector({
    directory: siteDirectory(site),
    scheduler,
    limits,
    nowMs: () => scheduler.nowMs,
    monotonicMs: () => scheduler.nowMs - startMs,
    report: (finding) => told.push(finding),
    gatewayLost: (gateway, sinceMs) => lost.push([gateway, new Date(sinceMs).toISOString()]),
  });
  made.start(known);
  return made;
}

const state = (status: GatewayState['status'], parts: object = {}): GatewayState =>
  gatewayStateSchema.parse({
    status,
    time: new Date(scheduler.nowMs).toISOString(),
    version: '1',
    clockOffsetMs: null,
    epoch: null,
    outboxDepth: 0,
    devices: [],
    ...parts,
  });
const health = (device: string, status: DeviceHealth['status']) => ({
  device,
  status,
  readings: 1,
  unreadable: 0,
  ...(status === 'lost' ? { error: 'edge.source_lost' } : {}),
});
const devices = (...of: ReturnType<typeof health>[]) => state('online', { devices: of });
const summary = () =>
  told.map(({ type, place, data }) => [type.replace(/^watchpost\.|\.v1$/g, ''), place.id, data] as const);

/** The gateway says each 30 s that it is online, with these devices. */
async function live(ms: number, ...of: ReturnType<typeof health>[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 30_000) {
    watch.takeState('edge1', devices(...of), true);
    await scheduler.pass(Math.min(30_000, ms - passed));
  }
}

beforeEach(() => {
  scheduler = new FakeScheduler(startMs);
  told = [];
  lost = [];
  watch = create();
});

test('a broker that alerting cannot reach is told after its limit, and its end with the duration', async () => {
  await scheduler.pass(59_999);
  expect(told).toEqual([]);
  watch.linkDown('broker.unauthorized');
  await scheduler.pass(60_000);
  watch.linkUp();
  expect(summary()).toEqual([
    ['broker.lost', 'alerting', { since: '2026-11-01T08:00:59.999Z', error: 'broker.unauthorized' }],
    ['system.restored', 'alerting', { of: 'watchpost.broker.lost.v1', durationMs: 60_000 }],
  ]);
});

test('13: a gateway that dies without a word is told when it was silent for its limit, and when it is back', async () => {
  watch.linkUp();
  await live(300_000);
  expect(told).toEqual([]);
  await scheduler.pass(29_999);
  expect(told).toEqual([]);
  await scheduler.pass(1);
  expect(summary()).toEqual([
    ['gateway.lost', 'edge1', { since: '2026-11-01T08:04:30.000Z', reason: 'silent', devices: 4 }],
  ]);
  await scheduler.pass(600_000);
  watch.heard('edge1');
  expect(summary().slice(1)).toEqual([
    ['system.restored', 'edge1', { of: 'watchpost.gateway.lost.v1', durationMs: 660_000 }],
  ]);
  await scheduler.pass(60_000);
  expect(summary()).toHaveLength(3);
});

test('one that the broker says is offline is told a limit later, unless it comes back before', async () => {
  watch.linkUp();
  await live(90_000);
  watch.takeState('edge1', state('offline'), true);
  await scheduler.pass(50_000);
  await live(50_000);
  expect(told).toEqual([]);
  watch.takeState('edge1', state('offline'), true);
  watch.takeState('edge1', state('offline'), true);
  await scheduler.pass(60_000);
  expect(summary()).toMatchObject([['gateway.lost', 'edge1', { reason: 'offline' }]]);
});

test('one that was never heard since alerting came up is told too; a retained word is no sign of life', async () => {
  watch.linkUp();
  watch.takeState('edge1', state('online'), false);
  await scheduler.pass(60_000);
  expect(summary()).toMatchObject([['gateway.lost', 'edge1', { reason: 'never_heard' }]]);
});

test('that a gateway is lost is said after every start, since it was heard last, also when its alert is open', async () => {
  watch.linkUp();
  await live(30_000);
  await scheduler.pass(29_999);
  expect(lost).toEqual([]);
  await scheduler.pass(1);
  expect(lost).toEqual([['edge1', '2026-11-01T08:00:00.000Z']]);
  const open = told[0];
  watch = create();
  expect(open?.type).toBe('watchpost.gateway.lost.v1');
  watch.note({
    ...({ eventType: 'watchpost.gateway.lost.v1', device: 'edge1', condition: 'active' } as Alert),
    details: { since: '2026-11-01T08:00:00.000Z' },
    openedAt: '2026-11-01T08:01:00.000Z',
  });
  watch.linkUp();
  await scheduler.pass(60_000);
  expect(told).toHaveLength(1);
  expect(lost[1]).toEqual(['edge1', '2026-11-01T08:01:00.000Z']);
});

test('while the broker is away no gateway counts as lost, and each has its whole limit afterwards', async () => {
  watch.linkUp();
  await live(30_000);
  watch.linkDown();
  await scheduler.pass(3_600_000);
  watch.linkUp();
  await scheduler.pass(59_999);
  expect(summary().map(([type]) => type)).toEqual(['broker.lost', 'system.restored']);
  await scheduler.pass(1);
  expect(summary().at(-1)?.[0]).toBe('gateway.lost');
});

test('a device that its gateway has lost is told after its limit and when it is back; a short gap is not', async () => {
  watch.linkUp();
  await live(4_000, health('smoke1', 'lost'));
  await live(60_000, health('smoke1', 'ok'));
  expect(told).toEqual([]);
  await live(120_000, health('smoke1', 'lost'));
  await live(30_000, health('smoke1', 'ok'));
  expect(summary()).toEqual([
    ['device.lost', 'smoke1', { since: '2026-11-01T08:01:04.000Z', error: 'edge.source_lost' }],
    ['system.restored', 'smoke1', { of: 'watchpost.device.lost.v1', durationMs: 120_000 }],
  ]);
});

test('the loss of a camera is the loss of its picture: one thing, whoever says so first', async () => {
  watch.linkUp();
  await live(60_000, health('cam1', 'lost'));
  expect(summary()).toEqual([['tamper.video_loss', 'cam1', { reason: 'lost', detail: 'edge.source_lost' }]]);
  await live(30_000, health('cam1', 'ok'));
  expect(summary().at(-1)?.[2]).toMatchObject({ of: 'watchpost.tamper.video_loss.v1' });
  told.length = 0;
  watch.note({
    eventType: 'watchpost.tamper.video_loss.v1',
    device: 'cam1',
    details: { reason: 'lost' },
    condition: 'active',
    openedAt: new Date(scheduler.nowMs).toISOString(),
  } as unknown as Alert);
  await live(60_000, health('cam1', 'lost'));
  expect(told).toEqual([]);
});

test('the loss of a gateway stands for its devices; when it is back they are judged anew', async () => {
  watch.linkUp();
  await live(10_000, health('cam1', 'ok'), health('smoke1', 'ok'));
  watch.takeState('edge1', devices(health('cam1', 'lost'), health('smoke1', 'lost')), true);
  watch.takeState('edge1', { ...devices(health('cam1', 'lost')), status: 'offline' }, true);
  await scheduler.pass(600_000);
  expect(summary().map(([type]) => type)).toEqual(['gateway.lost']);
  await live(60_000, health('smoke1', 'lost'));
  expect(summary().map(([type]) => type)).toEqual(['gateway.lost', 'system.restored', 'device.lost']);
});

test('what a gateway says is wrong with it is told once for each code, and its end', async () => {
  watch.linkUp();
  const faulty = (...errors: string[]) => state('online', { errors });
  watch.takeState('edge1', faulty('edge.clock_wrong'), true, ['wire.duplicate_identity']);
  watch.takeState('edge1', faulty('edge.clock_wrong'), true, ['wire.duplicate_identity']);
  await scheduler.pass(1_000);
  watch.takeState('edge1', faulty(), true, ['wire.duplicate_identity']);
  expect(summary()).toEqual([
    ['gateway.fault', 'edge1', { error: 'edge.clock_wrong' }],
    ['gateway.fault', 'edge1', { error: 'wire.duplicate_identity' }],
    [
      'system.restored',
      'edge1',
      { of: 'watchpost.gateway.fault.v1', error: 'edge.clock_wrong', durationMs: 1_000 },
    ],
  ]);
});

test('after a restart what is told is not told again, and its end is', async () => {
  const known = {
    eventType: 'watchpost.gateway.lost.v1',
    device: 'edge1',
    details: { since: '2026-11-01T07:00:00.000Z' },
    condition: 'active',
    openedAt: '2026-11-01T07:01:00.000Z',
  } as unknown as Alert;
  watch = create([known]);
  watch.linkUp();
  await scheduler.pass(600_000);
  expect(told).toEqual([]);
  watch.heard('edge1');
  expect(summary()).toEqual([
    ['system.restored', 'edge1', { of: 'watchpost.gateway.lost.v1', durationMs: 4_200_000 }],
  ]);
});

test('a gateway that floods the broker is told until the broker says that it is over, whatever the gateway says', () => {
  watch.linkUp();
  const fault = 'watchpost.gateway.fault.v1';
  const error = 'broker.telemetry_flood';
  watch.takeFlood('edge1', true);
  watch.takeFlood('edge1', true);
  watch.takeState('edge1', state('online'), true);
  expect(summary()).toEqual([['gateway.fault', 'edge1', { error }]]);
  watch.takeFlood('edge1', false);
  watch.takeFlood('invented', true);
  expect(summary().slice(1)).toMatchObject([
    ['system.restored', 'edge1', { of: fault, error }],
    ['gateway.fault', 'alerting', { error }],
  ]);
});

test('a flood that ended while the broker was away is over with the next word of the gateway', () => {
  watch.linkUp();
  watch.takeFlood('edge1', true);
  watch.linkDown();
  watch.linkUp();
  watch.takeState('edge1', state('online'), true);
  expect(summary().map(([type]) => type)).toEqual(['gateway.fault', 'system.restored']);
});

const broken = (file: string, line: number) =>
  ({ file, line, error: 'site.format', reason: 'version_before' }) as const;
const settingsTold = (file: string, line: number, since: string) => [
  'settings.broken',
  'alerting',
  { ...broken(file, line), since },
];

test('a settings file is told when it stays broken, with its newest mistake, and its end', async () => {
  watch = create([], { ...onlyFirst, gateways: [] });
  watch.linkUp();
  watch.takeBrokenFiles([broken('server.yaml', 3)]);
  await scheduler.pass(40_000);
  watch.takeBrokenFiles([broken('server.yaml', 9), broken('sites/test/site.yaml', 1)]);
  await scheduler.pass(19_999);
  expect(told).toEqual([]);
  await scheduler.pass(1);
  watch.takeBrokenFiles([broken('server.yaml', 9), broken('sites/test/site.yaml', 1)]);
  expect(summary()).toEqual([settingsTold('server.yaml', 9, '2026-11-01T08:00:00.000Z')]);
  watch.takeBrokenFiles([broken('sites/test/site.yaml', 1)]);
  await scheduler.pass(40_000);
  expect(summary().slice(1)).toEqual([
    [
      'system.restored',
      'alerting',
      { of: 'watchpost.settings.broken.v1', file: 'server.yaml', durationMs: 60_000 },
    ],
    settingsTold('sites/test/site.yaml', 1, '2026-11-01T08:00:40.000Z'),
  ]);
});

test('a settings file that is mended within the limit is told to nobody, and its time begins anew', async () => {
  watch.linkUp();
  watch.takeBrokenFiles([broken('server.yaml', 3)]);
  await scheduler.pass(59_000);
  watch.takeBrokenFiles([]);
  watch.takeBrokenFiles([broken('server.yaml', 3)]);
  await scheduler.pass(59_000);
  expect(told.filter(({ type }) => type === 'watchpost.settings.broken.v1')).toEqual([]);
});

test('a settings file that was told before a restart is over when it is good', () => {
  const known = {
    eventType: 'watchpost.settings.broken.v1',
    device: 'alerting',
    details: { ...broken('server.yaml', 3), since: '2026-11-01T07:00:00.000Z' },
    condition: 'active',
    openedAt: '2026-11-01T07:01:00.000Z',
  } as unknown as Alert;
  watch = create([known]);
  watch.takeBrokenFiles([broken('server.yaml', 3)]);
  expect(told).toEqual([]);
  watch.takeBrokenFiles([]);
  expect(summary()).toMatchObject([['system.restored', 'alerting', { file: 'server.yaml' }]]);
});

test('what is wrong with the server itself is told once, and its end; gateways have nothing to do with it', () => {
  watch.linkUp();
  for (let round = 0; round < 3; round++) watch.takeServerFaults(['list.not_in_step']);
  watch.takeState('edge1', devices(), true);
  expect(summary()).toEqual([['gateway.fault', 'alerting', { error: 'list.not_in_step' }]]);
  watch.takeServerFaults([]);
  expect(summary().slice(1)).toEqual([
    [
      'system.restored',
      'alerting',
      { of: 'watchpost.gateway.fault.v1', error: 'list.not_in_step', durationMs: 0 },
    ],
  ]);
});

/** Another process on the same limits. */
function restarted(): LossDetector {
  const begun = scheduler.nowMs;
  const made = new LossDetector({
    directory: siteDirectory(onlyFirst),
    scheduler,
    limits,
    nowMs: () => scheduler.nowMs,
    monotonicMs: () => scheduler.nowMs - begun,
    report: (finding) => told.push(finding),
  });
  made.start([]);
  return made;
}

test('13: a gateway that died before a restart is told by the limit of before, since it was heard last', async () => {
  watch.linkUp();
  await live(60_000);
  await scheduler.pass(10_000);
  watch = restarted();
  await scheduler.pass(1_000);
  watch.linkUp();
  await scheduler.pass(34_999);
  expect(told).toEqual([]);
  await scheduler.pass(1);
  const [[type, id, data] = []] = summary();
  expect([type, id]).toEqual(['gateway.lost', 'edge1']);
  expect(Date.parse(String((data as { since: string }).since))).toBeLessThanOrEqual(startMs + 60_000);
});

test('13: a gateway that is there is not lost by a restart, though its limit ended meanwhile', async () => {
  watch.linkUp();
  await live(60_000);
  await scheduler.pass(29_000);
  scheduler.nowMs += 600_000;
  watch = restarted();
  await scheduler.pass(1_000);
  watch.linkUp();
  await live(300_000);
  expect(told).toEqual([]);
});

test('13: a device that was suspected before a restart is told by the limit of before, once its gateway speaks', async () => {
  watch.linkUp();
  watch.takeState('edge1', devices(health('smoke1', 'lost')), true);
  await scheduler.pass(4_000);
  watch = restarted();
  watch.linkUp();
  await scheduler.pass(8_000);
  expect(told).toEqual([]);
  watch.takeState('edge1', devices(health('smoke1', 'lost')), true);
  await scheduler.pass(5_000);
  expect(summary().map(([type, id]) => [type, id])).toEqual([['device.lost', 'smoke1']]);
  expect(summary()[0]?.[2]).toMatchObject({ since: new Date(startMs).toISOString() });
});

test('a service that is started again and again while the broker is gone tells it by the first limit', async () => {
  for (let start = 0; start < 5; start++) {
    await scheduler.pass(11_000);
    watch = restarted();
  }
  await scheduler.pass(15_000);
  expect(summary()).toEqual([['broker.lost', 'alerting', { since: '2026-11-01T08:00:00.000Z' }]]);
});

test('a limit of the broker that ended long ago is told of no broker that answers', async () => {
  scheduler.nowMs += 3_600_000;
  watch = restarted();
  await scheduler.pass(1_000);
  watch.linkUp();
  await scheduler.pass(600_000);
  expect(summary().filter(([type]) => type === 'broker.lost')).toEqual([]);
});
