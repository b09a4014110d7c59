import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrokerService, startDemoBroker } from '@watchpost/broker';
import type { Alert } from '@watchpost/contracts/alert';
import { type Health, healthSchema, siteFileViewSchema } from '@watchpost/contracts/api';
import { type GatewayState, gatewayStateSchema } from '@watchpost/contracts/wire';
import { decodeImage } from '@watchpost/inference';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RtspServer } from '../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { cameraFps, movingScene } from '../bench/site/moving-camera.ts';
import { filesBelow } from '../support/files-below.ts';
import { ToldHouse } from '../support/told-house.ts';
import { waitFor } from '../support/wait-for.ts';

// A gateway needs its claim code and the server's address. What it is to do it is told by the server, device
// by device, while both run.
const house = ToldHouse.init('gateway');
const { folder, siteFile } = house;
const run: ToldHouse['run'] = (...args) => house.run(...args);
const siteText = () => house.siteText();

let deviceNetwork: BrokerService;
let sensor: MqttClient;
const states: GatewayState[] = [];
const alerts: Pick<Alert, 'eventType' | 'condition' | 'details'>[] = [];
const events: { readonly type: string; readonly source: string }[] = [];

const newest = () => states.at(-1);
const deviceIn = (state: GatewayState | undefined, id: string) =>
  state?.devices.find(({ device }) => device === id);
const alarms = () =>
  events.filter(({ type, source }) => type === 'watchpost.sensor.alarm.v1' && source.endsWith('/shed-door'));

const health = async (): Promise<Health> => healthSchema.parse((await house.ask('GET', '/healthz')).json);

beforeAll(async () => {
  deviceNetwork = await startDemoBroker({ port: 0 });
  const url = `mqtt://127.0.0.1:${deviceNetwork.port}`;
  sensor = connect(url);
  const zone = /zones:\s*\n\s*- id: (\S+)/.exec(siteText())?.[1] ?? '';
  const added = ['--gateway', 'attic', '--zone', zone];
  run(
    ...['add', 'sensor', folder, '--id', 'shed-door', '--kind', 'door_contact', ...added],
    ...['driver=mqtt-json', `url=${url}`, 'topic=shed/door', 'value.pointer=/open'].flatMap((setting) => [
      '--set',
      `connect.${setting}`,
    ]),
    ...['--set', 'openLongerThanMs=0'],
  );
  run(
    ...['add', 'sensor', folder, '--id', 'attic-temp', '--kind', 'temperature', ...added],
    ...['--set', 'connect.driver=simulator'],
  );
  writeFileSync(siteFile, `${siteText()}\npolicy:\n  losses: { settings: 1s }\n`);
  expect(run('check', folder)).toEqual({ code: 0, out: 'No mistakes\n' });
  await house.up();
  await house.listen(
    ['wp/1/house/attic/state', 'wp/1/house/attic/up', 'wp/1/house/alerts/+'],
    (topic, payload) => {
      if (payload.length === 0) return;
      const value: unknown = JSON.parse(payload.toString());
      if (topic.includes('/alerts/')) alerts.push(value as Alert);
      else if (topic.endsWith('/state')) states.push(gatewayStateSchema.parse(value));
      else events.push(...([value].flat() as typeof events));
    },
  );
}, 180_000);
afterAll(async () => {
  await house.close();
  await sensor?.endAsync();
  await deviceNetwork?.stop();
});

describe('a gateway with nothing but its claim code and the server’s address', () => {
  it('is claimed, and is told its devices', async () => {
    const claimed = house.claimAttic();
    expect(claimed).toMatchObject({ code: 0, out: expect.stringContaining('watchpost gateway run') });
    house.startAttic();
    await waitFor('its devices', async () => deviceIn(newest(), 'attic-temp')?.status === 'ok');
    await waitFor('its version', async () => typeof newest()?.sitePart?.version === 'number');
    expect(
      newest()
        ?.devices.map(({ device }) => device)
        .toSorted(),
    ).toEqual(['attic-temp', 'shed-door']);
  });
  it('reports what a device says', async () => {
    await waitFor('the sensor', async () => deviceIn(newest(), 'shed-door') !== undefined);
    await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
    await sensor.publishAsync('shed/door', JSON.stringify({ open: true }), { retain: true });
    await waitFor('an alarm', async () => alarms().length === 1);
    await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
  });
  it('takes up another setting of one device while the other goes on', async () => {
    const before = newest()?.sitePart?.version ?? 0;
    const seen = states.length;
    writeFileSync(siteFile, siteText().replace('openLongerThanMs: 0', 'openLongerThanMs: 1'));
    await waitFor('the new version', async () => (newest()?.sitePart?.version ?? 0) > before);
    const temperatures = states.slice(seen).map((state) => deviceIn(state, 'attic-temp'));
    expect(new Set(temperatures.map((device) => device?.status))).toEqual(new Set(['ok']));
    const readings = temperatures.map((device) => device?.readings ?? 0);
    expect(readings).toEqual(readings.toSorted((a, b) => a - b));
    await sensor.publishAsync('shed/door', JSON.stringify({ open: true }), { retain: true });
    await waitFor('its alarm', async () => alarms().length === 2);
  });
});

describe('a camera of a gateway on a computer of its own', () => {
  const cameras = new RtspServer();
  const logIn = { user: 'viewer', password: 'pictures please' };
  const url = () => cameras.url('yard');
  beforeAll(async () => {
    cameras.streams.set('yard', {
      ...{ codec: 'h264', fps: cameraFps, bytes: await movingScene() },
      ...{ auth: 'digest', ...logIn },
    });
    await cameras.start();
    await house.logIn('first admin', 'four words are enough');
  });
  afterAll(() => cameras.stop());
  const attempt = (password: string) =>
    house.ask('POST', '/api/v1/cameras/try?site=house', {
      ...{ gateway: 'attic', connect: { driver: 'rtsp', url: url(), user: logIn.user } },
      password,
    });

  it('is tried there before it is written, with the password by way of the door', async () => {
    expect(await attempt('not this one')).toEqual({ status: 200, json: { error: 'edge.camera_password' } });
    expect(await attempt(logIn.password)).toEqual({ status: 200, json: { error: null } });
    // A wrong password is tried once.
    expect(cameras.requests.filter(({ logIn: how }) => how === 'wrong')).toHaveLength(1);
  });

  it('shows a picture once it is written and the gateway has its password; nothing is on the disk', async () => {
    // As the page says where the password is typed.
    mkdirSync(join(house.identity, 'secrets'), { recursive: true, mode: 0o700 });
    writeFileSync(join(house.identity, 'secrets', 'house.yard'), `${logIn.password}\n`, { mode: 0o600 });
    const secret = await house.ask('PUT', '/api/v1/secrets/yard?site=house', { value: logIn.password });
    expect(secret).toEqual({ status: 200, json: { secret: 'house.yard' } });
    const zone = /zones:\s*\n\s*- id: (\S+)/.exec(siteText())?.[1] ?? '';
    const view = siteFileViewSchema.parse((await house.ask('GET', '/api/v1/site-file?site=house')).json);
    const camera = {
      ...{ id: 'yard', kind: 'camera', profile: 'generic-camera', gateway: 'attic', zone },
      ...{ name: { 'zh-CN': '院子', en: 'Yard' }, mount: { at: [1, 1] }, codes: false },
      connect: { driver: 'rtsp', url: url(), user: logIn.user, password: { secret: 'house.yard' } },
    };
    const edits = [{ path: ['devices', '-'], value: camera }];
    const applied = await house.ask('POST', '/api/v1/site-file/apply?site=house', {
      basedOn: view.digest,
      edits,
    });
    expect(applied.status).toBe(200);
    await waitFor('the camera', async () => deviceIn(newest(), 'yard')?.status === 'ok', 60_000);
    const looked = await waitFor(
      'a picture',
      async () => {
        const answer = await house.picture('/api/v1/cameras/yard/still?site=house', {
          reason: 'to set it up',
        });
        return answer.status === 200 ? answer : undefined;
      },
      60_000,
    );
    expect((await decodeImage(looked.bytes)).width).toBeGreaterThan(100);
    const middle = looked.bytes.subarray(looked.bytes.length >> 1, (looked.bytes.length >> 1) + 48);
    for (const path of filesBelow(house.root, new Set()))
      expect(readFileSync(join(house.root, path)).includes(middle), path).toBe(false);
  }, 180_000);
});

describe('a file that is broken while the server runs', () => {
  const alertOf = (file: string, condition: Alert['condition']) =>
    alerts.find(
      (alert) =>
        alert.eventType === 'watchpost.settings.broken.v1' &&
        alert.condition === condition &&
        alert.details.file === file,
    );
  it('changes nothing, is shown and told with its file and line, and is over when it is mended', async () => {
    const good = siteText();
    writeFileSync(siteFile, good.replace(/^timeZone: .*$/m, 'timeZone: Mars'));
    const line = good.split('\n').findIndex((text) => text.startsWith('timeZone:')) + 1;
    await waitFor(
      'the health page',
      async () => (await health()).components.siteFiles?.status === 'degraded',
    );
    // The page is public: it names no site and no file.
    expect((await health()).components.siteFiles).toEqual({
      ...{ status: 'degraded', error: 'site.format', details: { files: 1 } },
    });
    expect(run('apply', folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`sites/house/site.yaml:${line}`),
    });
    expect(newest()?.status).toBe('online');
    await waitFor('its alert', async () => alertOf('sites/house/site.yaml', 'active'));
    expect(alertOf('sites/house/site.yaml', 'active')?.details).toMatchObject({
      ...{ line, error: 'site.format', reason: 'version_before' },
    });
    writeFileSync(siteFile, good);
    expect(run('apply', folder)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing changes.') });
    await waitFor('health', async () => (await health()).components.siteFiles?.status === 'ok');
    await waitFor('the end of its alert', async () => alertOf('sites/house/site.yaml', 'cleared'));
  });
  it('is told of server.yaml on its sites, though that counts from the next start', async () => {
    const serverFile = join(folder, 'server.yaml');
    const good = readFileSync(serverFile, 'utf8');
    writeFileSync(serverFile, `${good}\nlisen: {}\n`);
    await waitFor('its alert', async () => alertOf('server.yaml', 'active'));
    expect(alertOf('server.yaml', 'active')?.details.error).toBe('site.unknown_key');
    writeFileSync(serverFile, good);
    await waitFor('the end of its alert', async () => alertOf('server.yaml', 'cleared'));
  });
  it('that counts from the next start is said to, by the command and on the health page', async () => {
    const serverFile = join(folder, 'server.yaml');
    const good = readFileSync(serverFile, 'utf8');
    writeFileSync(serverFile, `${good}\n`);
    expect(run('apply', folder)).toMatchObject({
      code: 3,
      out: expect.stringMatching(/Restart needed.*: server\.yaml\n.*except what needs a restart/),
    });
    await waitFor(
      'the health page',
      async () => (await health()).components.restart?.error === 'site.restart_needed',
    );
    writeFileSync(serverFile, good);
    expect(run('apply', folder).code).toBe(0);
    await waitFor('health', async () => (await health()).components.restart?.status === 'ok');
  });
  it('of which nothing runs is told so', async () => {
    const elsewhere = join(house.root, 'elsewhere');
    expect(run('init', elsewhere, '--site', 'house').code).toBe(0);
    expect(run('apply', elsewhere)).toMatchObject({
      code: 2,
      out: expect.stringContaining('site.not_running'),
    });
  });
});
