import { fork } from 'node:child_process';
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandReplySchema, gatewayStateSchema, parseEvent } from '@watchpost/contracts/wire';
import { generateIssuerKey, issuePass, publicPart } from '@watchpost/passes';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type EdgeAgent, type EdgeAgentConfigInput, parseEdgeAgentConfig, startEdgeAgent } from './index.ts';
import { makeScene, type Scene } from './testing/demo-people.ts';
import { TestBroker } from './testing/test-broker.ts';

const topic = (name: string) => `wp/1/s1/g1/${name}`;
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });
const mainFile = fileURLToPath(new URL('./main.ts', import.meta.url));
const issuer = generateIssuerKey({ iss: 'house' });
const stranger = generateIssuerKey({ iss: 'house' });
const nowS = Math.floor(Date.now() / 1000);
const claims = {
  iss: 'house',
  jti: 'visit-1',
  aud: ['north-gate'],
  nbf: nowS - 60,
  exp: nowS + 3600,
  maxUses: 1,
};
const policyKeys = generateKeyPairSync('ed25519');
const policyKey = policyKeys.publicKey.export({ format: 'jwk' }).x as string;

let shared: string;
let scene: Scene;
beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), 'watchpost-scene-'));
  scene = await makeScene(shared);
});
afterAll(() => rmSync(shared, { recursive: true }));

let folder: string;
let broker: TestBroker;
let agent: EdgeAgent | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-agent-'));
  broker = new TestBroker();
  await broker.start();
});
afterEach(async () => {
  await agent?.stop();
  agent = null;
  await broker.stop();
  rmSync(folder, { recursive: true });
});

const assessment = {
  reference: 'test',
  approvedBy: 'test',
  approvedAt: '2026-01-01T00:00:00.000Z',
  noticeSign: { place: 'gate', checkedAt: '2026-01-01T00:00:00.000Z' },
  notPrivate: true,
} as const;
const camera = (): EdgeAgentConfigInput['devices'][number] => ({
  kind: 'camera',
  id: 'cam1',
  zone: 'gate',
  profile: 'generic-camera',
  connect: { driver: 'file', url: scene.clip, loop: true },
  assessment,
});
const sensors: EdgeAgentConfigInput['devices'] = [
  {
    kind: 'code_reader',
    id: 'reader1',
    zone: 'gate',
    profile: 'generic-code-reader',
    connect: {
      driver: 'simulator',
      texts: [issuePass(claims, issuer), issuePass(claims, stranger), 'https://example.com'],
    },
  },
  {
    kind: 'door_contact',
    id: 'door1',
    zone: 'gate',
    profile: 'generic-door-contact',
    connect: { driver: 'simulator' },
  },
  { kind: 'smoke', id: 'smoke1', zone: 'hall', profile: 'generic-smoke', connect: { driver: 'simulator' } },
  {
    kind: 'temperature',
    id: 'temp1',
    zone: 'hall',
    profile: 'generic-temperature',
    connect: { driver: 'simulator' },
  },
];

const configOf = (more: Partial<EdgeAgentConfigInput> = {}): EdgeAgentConfigInput => ({
  site: 's1',
  gateway: 'g1',
  dataFolder: join(folder, 'data'),
  broker: { url: broker.url },
  devices: [camera(), ...sensors],
  gallery: scene.gallery,
  passes: { issuers: [publicPart(issuer)], audience: 'north-gate' },
  policy: { require: false, keys: [{ kid: 'p1', publicKey: policyKey }] },
  telemetryEveryMs: 200,
  logLevel: 'silent',
  ...more,
});

let logged: string[];
async function start(more: Partial<EdgeAgentConfigInput> = {}): Promise<EdgeAgent> {
  logged = [];
  agent = await startEdgeAgent(parseEdgeAgentConfig(configOf(more), Date.now()), {
    log: pino({ level: 'trace' }, { write: (line) => logged.push(line) }),
  });
  await until(() => expect(broker.on(topic('state')).at(-1)?.status).toBe('online'));
  return agent;
}

const events = () => broker.on(topic('up')).map((event) => parseEvent(event));
const ofType = (type: string) => events().filter((event) => event.type === `watchpost.${type}.v1`);

async function command(name: string, more: object = {}, id: string = randomUUID()) {
  const before = broker.on(topic('reply')).length;
  const expires = new Date(Date.now() + 60_000).toISOString();
  await broker.publish(topic('cmd'), { id, expires, name, ...more });
  await until(() => expect(broker.on(topic('reply')).length).toBe(before + 1));
  return commandReplySchema.parse(broker.on(topic('reply')).at(-1));
}
const trigger = (device: string, action: string, value?: number) =>
  command('simulator.trigger', { device, action, ...(value === undefined ? {} : { value }) });

test('a person on the watch-list becomes a candidate; the stranger leaves nothing anywhere', async () => {
  await start({ devices: [camera()] });
  await until(() => expect(ofType('face.candidate').length).toBeGreaterThan(0));
  const [candidate] = ofType('face.candidate');
  expect(candidate).toMatchObject({
    source: '/sites/s1/devices/cam1',
    subject: 'gate',
    gateway: 'g1',
    seq: 1,
  });
  expect(candidate!.data).toMatchObject({ list: 'watch', entry: 'made-up-1' });
  // Two people passed, one of them was said.
  const tracks = new Set(ofType('face.candidate').map((event) => (event.data as { track: string }).track));
  expect(tracks.size).toBe(1);
  expect(
    readdirSync(join(folder, 'data')).filter(
      (file) => !/^((outbox|redemptions)\.sqlite|outbox\.reserve$|in-use\.lock$)/.test(file),
    ),
  ).toEqual([]);
  expect(JSON.stringify(broker.messages)).not.toMatch(/embedding|template|label|Made-up/);
  // Not even at the most talkative level does the log hold numbers of a face.
  for (const line of logged) expect(line.length).toBeLessThan(400);
  expect(logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 30)).toEqual([]);
});

test('a face that passes a drawn line is told once, by its direction, and a mask keeps faces from being seen', async () => {
  const inMiddle = { line: 'middle', zone: 'hall', from: [0.5, 0], to: [0.5, 1], inside: 'left' } as const;
  const left = [
    [0, 0],
    [0.75, 0],
    [0.75, 1],
    [0, 1],
  ] as [number, number][];
  const lined = { ...camera(), lines: [inMiddle] } as EdgeAgentConfigInput['devices'][number];
  const masked = { ...lined, id: 'cam2', masks: [{ name: 'most of it', outline: left }] };
  const running = await start({ devices: [lined, masked as EdgeAgentConfigInput['devices'][number]] });
  const crossed = () => ofType('line.crossed');
  await until(() => expect(crossed().length).toBeGreaterThanOrEqual(4));
  // Both people of the clip walk from its left to its right edge.
  expect(new Set(crossed().map(({ data }) => JSON.stringify(data)))).toEqual(
    new Set([JSON.stringify({ line: 'middle', direction: 'in' })]),
  );
  expect(new Set(crossed().map(({ source, subject }) => `${source} ${subject}`))).toEqual(
    new Set(['/sites/s1/devices/cam1 hall']),
  );
  // More than one round of the clip.
  const second = () => running.state().devices.find(({ device }) => device === 'cam2');
  await until(() => expect(second()?.readings).toBeGreaterThan(60));
  expect(ofType('face.candidate').map(({ source }) => source)).not.toContain('/sites/s1/devices/cam2');
});

test('who is seen in a part of the picture that is another zone is seen there, and matched by its right alone', async () => {
  const whole = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as [number, number][];
  const device = (id: string, zone: string, area: string) =>
    ({
      ...{ ...camera(), id, zone },
      areas: [{ zone: area, outline: whole }],
    }) as EdgeAgentConfigInput['devices'][number];
  // Entries of the gallery are for the gate.
  const running = await start({ devices: [device('cam1', 'hall', 'gate'), device('cam2', 'gate', 'hall')] });
  await until(() => expect(ofType('face.candidate').length).toBeGreaterThanOrEqual(2));
  const second = () => running.state().devices.find(({ device: id }) => id === 'cam2');
  await until(() => expect(second()?.readings).toBeGreaterThan(60));
  expect(new Set(ofType('face.candidate').map(({ source, subject }) => `${source} ${subject}`))).toEqual(
    new Set(['/sites/s1/devices/cam1 gate']),
  );
});

test('smoke, doors and passes become events, once each', async () => {
  await start({ devices: sensors });
  expect(await trigger('smoke1', 'alarm')).toMatchObject({ ok: true });
  await trigger('smoke1', 'alarm');
  await trigger('smoke1', 'clear');
  await trigger('door1', 'open');
  await trigger('temp1', 'set', 60);
  await trigger('reader1', 'scan', 0);
  await trigger('reader1', 'scan', 1);
  await trigger('reader1', 'scan', 1);
  await trigger('reader1', 'scan', 2);
  await until(() => expect(ofType('pass.rejected')).toHaveLength(1));
  expect(ofType('sensor.alarm').map(({ data }) => (data as { kind: string }).kind)).toEqual([
    'smoke',
    'door',
    'temperature',
  ]);
  expect(ofType('sensor.cleared')).toHaveLength(1);
  expect(ofType('pass.accepted')[0]!.data).toMatchObject({ jti: 'visit-1', audience: 'north-gate' });
  expect(ofType('pass.rejected')[0]!.data).toMatchObject({ reason: 'unknown_key' });
  await until(() => expect(broker.on(topic('telemetry')).some(({ n }) => n === 'temperature')).toBe(true));
});

test('commands: answered by id, once; expired, unknown and malformed ones coded', async () => {
  const running = await start({ devices: sensors });
  const id = randomUUID();
  const first = await command('simulator.trigger', { device: 'smoke1', action: 'alarm' }, id);
  expect(await command('simulator.trigger', { device: 'smoke1', action: 'alarm' }, id)).toEqual(first);
  expect(await command('ping')).toMatchObject({ ok: true });
  expect(await command('ping', { expires: '2026-01-01T00:00:00.000Z' })).toMatchObject({
    ok: false,
    error: 'edge.command_expired',
  });
  expect(await command('self.destruct')).toMatchObject({ ok: false, error: 'edge.command_unknown' });
  expect(await command('ping', { extra: 1 })).toMatchObject({ ok: false, error: 'wire.schema' });
  expect(await command('device.restart', { device: 'nobody' })).toMatchObject({
    error: 'wire.unknown_device',
  });
  expect(await command('device.restart', { device: 'door1' })).toMatchObject({ ok: true });
  expect(await trigger('smoke1', 'explode')).toMatchObject({ error: 'wire.schema' });
  await broker.publish(topic('cmd'), 'garbage');
  await until(() => expect(running.refused()).toEqual({ 'wire.not_json': 1 }));
});

const signedPolicy = (version: number, more: object = {}, key = policyKeys.privateKey) => {
  const bytes = Buffer.from(
    JSON.stringify({
      site: 's1',
      gateway: 'g1',
      version,
      issued: new Date().toISOString(),
      expires: new Date(Date.now() + 60_000).toISOString(),
      gallery: { digest: '0'.repeat(64), withdrawn: [] },
      passes: { revoked: ['visit-1'] },
      armed: [],
      ...more,
    }),
  );
  const text = (value: Buffer) => value.toString('base64url');
  return { kid: 'p1', policy: text(bytes), signature: text(sign(null, bytes, key)) };
};

test('a signed policy takes effect and outlives a restart; an unsigned or older one does not', async () => {
  const running = await start({ devices: sensors });
  await broker.publish(topic('policy'), signedPolicy(1, {}, generateKeyPairSync('ed25519').privateKey));
  await until(() => expect(running.refused()).toEqual({ 'edge.policy_invalid': 1 }));
  await trigger('reader1', 'scan', 0);
  await until(() => expect(ofType('pass.accepted')).toHaveLength(1));
  await broker.publish(topic('policy'), signedPolicy(2));
  await broker.publish(topic('policy'), signedPolicy(1, { passes: { revoked: [] } }));
  await until(() => expect(running.refused()).toEqual({ 'edge.policy_invalid': 2 }));
  await running.stop();
  await start({ devices: sensors });
  await trigger('reader1', 'scan', 0);
  await until(() =>
    expect(ofType('pass.rejected')[0]?.data).toMatchObject({ reason: 'revoked', jti: 'visit-1' }),
  );
});

test('without a policy that is required no face is matched, and the state says why', async () => {
  const running = await start({ devices: [camera()], policy: { require: true } });
  // More than one round of the clip.
  await until(() => expect(running.state().devices[0]?.readings).toBeGreaterThan(60));
  await until(() => {
    const state = gatewayStateSchema.parse(broker.on(topic('state')).at(-1));
    expect(state.devices[0]).toMatchObject({ status: 'degraded', error: 'edge.policy_missing' });
  });
  expect(ofType('face.candidate')).toEqual([]);
});

test('a match of the access list says what else is needed, and whether it was shown', async () => {
  const secondFactors = () =>
    ofType('face.candidate').map((event) => (event.data as { secondFactor?: unknown }).secondFactor);
  await start({ devices: [camera(), ...sensors], gallery: scene.accessGallery });
  await until(() => expect(secondFactors()[0]).toEqual({ demanded: 'guard', met: false }));
  const digest = createHash('sha256').update(readFileSync(scene.accessGallery.file)).digest('hex');
  const policy = {
    gallery: { digest, withdrawn: [] },
    passes: { revoked: [] },
    access: { secondFactor: 'pass' },
  };
  await broker.publish(topic('policy'), signedPolicy(1, policy));
  await until(() => expect(secondFactors()).toContainEqual({ demanded: 'pass', met: false }));
  await trigger('reader1', 'scan', 0);
  await until(() => expect(secondFactors()).toContainEqual({ demanded: 'pass', met: true }));
});

test('a withdrawn entry no longer matches', async () => {
  const digest = createHash('sha256').update(readFileSync(scene.gallery.file)).digest('hex');
  await broker.publish(
    topic('policy'),
    signedPolicy(1, { gallery: { digest, withdrawn: ['made-up-1'] } }),
    true,
  );
  const running = await start({ devices: [camera()] });
  await until(() => expect(running.state().devices[0]?.readings).toBeGreaterThan(60));
  expect(ofType('face.candidate')).toEqual([]);
});

test.each([
  [
    'a camera without assessment',
    '/devices/0/assessment',
    { devices: [{ ...camera0(), assessment: undefined }] },
  ],
  [
    'an assessment from the future',
    '/devices/0/assessment/approvedAt',
    { devices: [{ ...camera0(), assessment: { ...assessment, approvedAt: '2999-01-01T00:00:00.000Z' } }] },
  ],
  ['a reserved gateway', '/gateway', { gateway: 'alerts' }],
  ['an unknown field', '/colour', { colour: 'red' }],
])('%s is refused with its path', (_what, path, more) => {
  const value = JSON.parse(JSON.stringify({ ...configOfStatic(), ...more }));
  expect(() => parseEdgeAgentConfig(value, Date.now())).toThrow(
    expect.objectContaining({ code: 'config.invalid', path }),
  );
});

function camera0() {
  return {
    kind: 'camera',
    id: 'c',
    zone: 'z',
    profile: 'generic-camera',
    connect: { driver: 'file', url: 'x.mp4' },
    assessment,
  } as const;
}
function configOfStatic() {
  return {
    site: 's1',
    gateway: 'g1',
    dataFolder: 'd',
    broker: { url: 'mqtt://127.0.0.1:1' },
    gallery: { file: 'g', keysFile: 'k' },
    devices: [camera0()],
  };
}

test('a profile of another class is refused', async () => {
  const [, door] = sensors;
  await expect(start({ devices: [{ ...door!, profile: 'generic-smoke' }] })).rejects.toMatchObject({
    code: 'config.invalid',
    path: '/devices/0/profile',
  });
});

test('as a process: says ready, and ends with its decoder when its parent goes', async () => {
  const file = join(folder, 'agent.json');
  writeFileSync(file, JSON.stringify(configOf()));
  const child = fork(mainFile, [file], { stdio: 'ignore' });
  expect((await once(child, 'message'))[0]).toEqual({ ready: true });
  await until(() => expect(ofType('face.candidate').length).toBeGreaterThan(0));
  const exit = once(child, 'exit');
  child.disconnect();
  expect((await exit)[0]).toBe(0);
  expect(broker.on(topic('state')).at(-1)?.status).toBe('offline');
});

test.runIf(process.platform === 'linux')('as a process: a killed agent takes its decoder along', async () => {
  const file = join(folder, 'agent.json');
  writeFileSync(file, JSON.stringify(configOf()));
  const child = fork(mainFile, [file], { stdio: 'ignore' });
  await once(child, 'message');
  const decoder = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
  expect(process.kill(decoder, 0)).toBe(true);
  child.kill('SIGKILL');
  await until(() => expect(() => process.kill(decoder, 0)).toThrow());
  await until(() => expect(broker.on(topic('state')).at(-1)?.status).toBe('offline'));
});

test('as a process: a bad configuration is one coded message and exit 1', async () => {
  const file = join(folder, 'agent.json');
  writeFileSync(file, JSON.stringify({ ...configOf(), site: 'not a site' }));
  const child = fork(mainFile, [file], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  expect((await once(child, 'message'))[0]).toMatchObject({ ready: false, code: 'config.invalid' });
  expect((await exit)[0]).toBe(1);
});

test('as a process: a damaged gallery is one coded message and exit 1', async () => {
  const config = configOf();
  const gallery = join(folder, 'damaged.wpg');
  writeFileSync(gallery, 'x');
  const file = join(folder, 'agent.json');
  writeFileSync(file, JSON.stringify({ ...config, gallery: { ...config.gallery, file: gallery } }));
  const child = fork(mainFile, [file], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  const [message] = await Promise.race([once(child, 'message'), exit]);
  expect(message).toMatchObject({ ready: false, code: 'inference.template_invalid' });
  expect((await exit)[0]).toBe(1);
});
