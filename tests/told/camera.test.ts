import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { deviceIdSchema, gatewayIdSchema } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeClip, squarePicture } from '../../edge-agent/src/testing/encode-clip.ts';
import { RtspServer } from '../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { AlertStream } from '../support/alert-stream.ts';
import { ApiClient } from '../support/api-client.ts';
import { floodedSite } from '../support/flooded-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { waitFor } from '../support/wait-for.ts';

// Cameras that speak RTSP lose their picture, repeat it, or have something over the lens, each for a while;
// the gateway, the broker and alerting are real.
const cameras = ['lost', 'frozen', 'covered'] as const;
const fps = 10;
// A decoder that is slow to start on a busy machine is not what two of them are here for.
const limits = { lostAfterMs: 60_000, frozenAfterMs: 4000, coveredAfterMs: 4000 };
const toldWithinMs = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'watchpost-camera-'));
const steady = new RtspServer();
const away = new RtspServer();
let agent: ChildProcess;
let site: SiteProcesses;
let stream: AlertStream;

const flooded = floodedSite(1);
const siteOfCameras: Site = {
  ...flooded,
  devices: cameras.map((id) => ({
    ...flooded.devices[0]!,
    id: deviceIdSchema.parse(id),
    gateway: gatewayIdSchema.parse('loud'),
    kind: 'camera' as const,
    profile: 'generic-camera',
  })),
};

async function clip(name: string, draw: (step: number) => ReturnType<typeof squarePicture>): Promise<Buffer> {
  const path = join(folder, `${name}.h264`);
  await encodeClip(
    path,
    Array.from({ length: 3 * fps }, (_, step) => draw(step)),
    fps,
  );
  return readFileSync(path);
}

/** A hand so near that nothing but grain is left. */
function hand(): ReturnType<typeof squarePicture> {
  const data = Uint8Array.from({ length: 320 * 180 * 3 }, () => 60 + Math.floor(Math.random() * 6));
  return { width: 320, height: 180, data };
}

beforeAll(async () => {
  const bytes = await clip('scene', (step) => squarePicture(320, 180, step));
  const plain = { codec: 'h264', fps, bytes } as const;
  await Promise.all([steady.start(), away.start()]);
  away.streams.set('lost', plain);
  steady.streams.set('frozen', { ...plain, stillAfterS: 8, stillUntilS: 25 });
  steady.streams.set('covered', { ...plain, other: await clip('hand', hand), afterS: 8, untilS: 25 });
  site = await startSiteProcesses({ site: siteOfCameras });
  stream = await AlertStream.open(await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' }));
  const config = join(folder, 'edge.json');
  writeFileSync(
    config,
    JSON.stringify({
      ...{ site: 'flooded', gateway: 'loud', dataFolder: join(folder, 'edge'), logLevel: 'warn' },
      broker: { url: `mqtt://127.0.0.1:${site.mqttPort}`, username: 'loud', password: 'loud' },
      devices: cameras.map((id) => ({
        ...{ kind: 'camera', id, zone: 'hall', profile: 'generic-camera', faces: false, codes: false },
        connect: { driver: 'rtsp', url: (id === 'lost' ? away : steady).url(id) },
        tamper: id === 'lost' ? { ...limits, lostAfterMs: 4000 } : limits,
      })),
    }),
    { mode: 0o600 },
  );
  agent = fork(fileURLToPath(new URL('../../edge-agent/src/main.ts', import.meta.url)), [config], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  expect((await once(agent, 'message'))[0]).toMatchObject({ ready: true });
});
afterAll(async () => {
  agent?.kill('SIGKILL');
  stream?.close();
  await site?.stop();
  await Promise.all([steady.stop(), away.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const told = (device: string, type: string, condition: Alert['condition']) =>
  waitFor(
    `${type} of ${device}, ${condition}`,
    () =>
      stream.alerts.findLast(
        (alert) =>
          alert.device === device &&
          alert.eventType === `watchpost.tamper.${type}.v1` &&
          alert.condition === condition,
      ),
    toldWithinMs,
  );

test('a camera that loses its picture is told once, and that it is back', async () => {
  await waitFor('the camera plays', () => away.requests.some(({ method }) => method === 'PLAY'));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await away.stop();
  expect((await told('lost', 'video_loss', 'active')).details).toMatchObject({ reason: 'lost' });
  await away.start();
  expect((await told('lost', 'video_loss', 'cleared')).eventCount).toBe(1);
});

test('a frozen picture is told, and that it moves again', async () => {
  expect((await told('frozen', 'video_loss', 'active')).details).toMatchObject({ reason: 'frozen' });
  await told('frozen', 'video_loss', 'cleared');
});

test('a covered lens is told, and that it sees again', async () => {
  expect((await told('covered', 'cover', 'active')).details).toMatchObject({ reason: 'flat' });
  await told('covered', 'cover', 'cleared');
});

test('stopping the gateway is no loss of any camera', async () => {
  const before = stream.alerts.length;
  const exited = once(agent, 'exit');
  agent.kill('SIGTERM');
  await exited;
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(stream.alerts.slice(before).filter(({ condition }) => condition === 'active')).toEqual([]);
});
