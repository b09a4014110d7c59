import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type CameraProbeAsk, cameraProbeAskSchema } from '@watchpost/contracts/site';
import {
  type CameraProbeCommand,
  commandSchema,
  deviceIdSchema,
  gatewayIdSchema,
  type StillAsk,
  type StillCommand,
  siteIdSchema,
} from '@watchpost/contracts/wire';
import { decodeImage } from '@watchpost/inference';
import type { LocalServer } from '@watchpost/service';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StillSocket } from '../../alerting/src/stills/still-socket.ts';
import { NextStill } from '../../edge-agent/src/camera/next-still.ts';
import { tryCamera } from '../../edge-agent/src/camera/try-camera.ts';
import { RtspServer } from '../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { CameraProber } from '../../edge-agent/src/told/camera-prober.ts';
import {
  type DoorAccess,
  fetchCameraProbe,
  sendProbeResult,
  sendStill,
} from '../../edge-agent/src/told/door-client.ts';
import { StillSender } from '../../edge-agent/src/told/still-sender.ts';
import { type GatewayDoor, startGatewayDoor } from '../../identity/src/door/gateway-door.ts';
import { openAnnouncingKey } from '../../identity/src/telling/announcing-key.ts';
import { CameraProbes } from '../../identity/src/telling/camera-probes.ts';
import { Stills, serveStills } from '../../identity/src/telling/stills.ts';
import { TestSite } from '../../identity/src/testing/test-site.ts';
import { cameraFps, movingScene } from '../bench/site/moving-camera.ts';

// A picture on its whole way: whoever asks, the process at the door, a gateway with its certificate, back.
const root = mkdtempSync(join(tmpdir(), 'watchpost-still-'));
const frame = { width: 32, height: 24, data: Buffer.alloc(32 * 24 * 3, 90), capturedAt: 0 };
const site = siteIdSchema.parse('north');
const gateway = gatewayIdSchema.parse('edge1');
const ask: StillAsk = { site, gateway, device: deviceIdSchema.parse('cam'), reason: 'to set it up' };
let authority: TestSite;
let door: GatewayDoor;
let served: LocalServer;
let access: DoorAccess;
let stranger: DoorAccess;
const source = new StillSocket(join(root, 'stills.sock'));
/** What a gateway does with a command. */
let onCommand: (command: StillCommand) => Promise<void>;
let sent: StillCommand[] = [];
let onProbe: (command: CameraProbeCommand) => Promise<void>;
/** Everything that went over the broker. */
let overBroker: string[] = [];
let camera: NextStill;
let next: NodeJS.Timeout;

async function accessOf(name: string): Promise<DoorAccess> {
  const { cert, key } = await authority.gateway(name);
  const file = (kind: string, text: string) => {
    const path = join(root, `${name}-${kind}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    ...{ site, door: `https://localhost:${door.port}`, caFile: file('ca', authority.ca) },
    ...{ certFile: file('cert', cert), keyFile: file('key', key) },
  };
}
function senderOf(more: { gateway?: string; still?: () => Promise<Buffer> } = {}): StillSender {
  const { kid, publicKey } = openAnnouncingKey(authority.folder);
  return new StillSender({
    ...{ site, gateway, keys: () => [{ kid, publicKey }], still: () => camera.take(2_000) },
    send: (id, came) => sendStill(access, id, came),
    log: pino({ level: 'silent' }),
    ...more,
  });
}

beforeAll(async () => {
  authority = await TestSite.create(site);
  const key = openAnnouncingKey(authority.folder);
  const stills = new Stills({
    isKnown: (_site, name) => name === gateway,
    keyOf: (name) => (name === site ? key : undefined),
    send: (_site, _gateway, command) => {
      sent.push(command);
      // As over the wire.
      void onCommand(commandSchema.parse(JSON.parse(JSON.stringify(command))) as StillCommand);
      return true;
    },
    ...{ nowMs: Date.now, withinMs: 1_500 },
  });
  const probes = new CameraProbes({
    isKnown: (_site, name) => name === gateway,
    keyOf: (name) => (name === site ? key : undefined),
    send: (_site, _gateway, command) => {
      overBroker.push(JSON.stringify(command));
      void onProbe(commandSchema.parse(JSON.parse(JSON.stringify(command))) as CameraProbeCommand).catch(
        () => undefined,
      );
      return true;
    },
    ...{ nowMs: Date.now, withinMs: 20_000 },
  });
  door = await startGatewayDoor({
    ...{ authorities: [authority.folder], identity: { names: ['localhost'] } },
    ...{ host: '127.0.0.1', port: 0, nowMs: Date.now, stills, probes },
  });
  served = await serveStills(join(root, 'stills.sock'), stills, probes);
  access = await accessOf(gateway);
  stranger = await accessOf('edge2');
});
afterAll(async () => {
  await served.stop();
  await door.stop();
  await authority.remove();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  clearInterval(next);
  sent = [];
  camera = new NextStill();
  next = setInterval(() => camera.picture(frame), 20);
  next.unref();
  onCommand = (command) => senderOf().answer(command);
});

describe('a picture of a camera', () => {
  it('comes to whoever asked', async () => {
    const picture = await decodeImage(await source.still(ask));
    expect([picture.width, picture.height]).toEqual([frame.width, frame.height]);
    expect(sent).toMatchObject([{ name: 'still', device: 'cam', reason: 'to set it up' }]);
  });

  it('is taken one at a time of a gateway', async () => {
    const [first, second] = await Promise.allSettled([source.still(ask), source.still(ask)]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'still.busy' } });
    expect(sent).toHaveLength(1);
    await source.still(ask);
  });

  it('does not come where the gateway says why, with its reason', async () => {
    onCommand = (command) =>
      senderOf({ still: () => Promise.reject(new WatchpostError('edge.camera_password')) })
        .answer(command)
        .catch(() => undefined);
    await expect(source.still(ask)).rejects.toMatchObject({
      ...{ code: 'still.no_picture', details: { error: 'edge.camera_password' } },
    });
  });

  it('is not waited for longer than the deadline; what comes after is not taken', async () => {
    onCommand = async () => undefined;
    await expect(source.still(ask)).rejects.toMatchObject({ code: 'still.late' });
    const [late] = sent;
    await expect(sendStill(access, late?.id ?? '', Buffer.from([0xff, 0xd8]))).rejects.toMatchObject({
      code: 'edge.part_unreachable',
    });
    onCommand = (command) => senderOf().answer(command);
    await source.still(ask);
  });

  it('is taken from no other gateway, and under no other id', async () => {
    let refused: unknown[] = [];
    onCommand = async (command) => {
      const forged = Buffer.from([0xff, 0xd8, 1, 2, 3]);
      refused = await Promise.all(
        [sendStill(stranger, command.id, forged), sendStill(access, randomUUID(), forged)].map((sending) =>
          sending.catch((error: unknown) => error),
        ),
      );
      await senderOf().answer(command);
    };
    const picture = await decodeImage(await source.still(ask));
    expect(picture.width).toBe(frame.width);
    expect(refused).toMatchObject([{ code: 'edge.part_unreachable' }, { code: 'edge.part_unreachable' }]);
  });

  it('must be a JPEG, and no larger than one may be', async () => {
    for (const came of [Buffer.from('GIF89a'), Buffer.alloc(5 * 1024 * 1024, 0xff)]) {
      let refused: unknown;
      onCommand = async (command) => {
        refused = await sendStill(access, command.id, came).catch((error: unknown) => error);
        await senderOf().answer(command);
      };
      await source.still(ask);
      expect(refused).toMatchObject({ code: 'edge.part_unreachable' });
    }
  });

  it('is sent for a command that the server signed for this gateway, unchanged', async () => {
    let command: StillCommand | undefined;
    onCommand = async (came) => {
      command = came;
      await senderOf().answer(came);
    };
    await source.still(ask);
    if (!command) throw new Error('no command');
    const unsigned = { code: 'edge.command_unsigned' };
    for (const change of [{ device: 'other' }, { id: randomUUID() }, { kid: 'other' }, { reason: 'none' }])
      await expect(senderOf().answer({ ...command, ...change } as StillCommand)).rejects.toMatchObject(
        unsigned,
      );
    await expect(senderOf({ gateway: 'edge2' }).answer(command)).rejects.toMatchObject(unsigned);
  });

  it('is asked of no gateway that is not known, and of nobody where nobody listens', async () => {
    for (const other of [
      { ...ask, gateway: gatewayIdSchema.parse('x') },
      { ...ask, site: siteIdSchema.parse('y') },
    ])
      await expect(source.still(other)).rejects.toMatchObject({ code: 'still.away' });
    await expect(new StillSocket(join(root, 'none.sock')).still(ask)).rejects.toMatchObject({
      code: 'still.away',
    });
    expect(sent).toEqual([]);
  });
});

describe('a camera that is tried before it is written', () => {
  const logIn = { user: 'viewer', password: 'pictures please' };
  const cameras = new RtspServer();
  const proberOf = (more: object = {}) => {
    const { kid, publicKey } = openAnnouncingKey(authority.folder);
    return new CameraProber({
      ...{ site, gateway, keys: () => [{ kid, publicKey }], attempt: tryCamera },
      fetch: (id) => fetchCameraProbe(access, id),
      send: (id, result) => sendProbeResult(access, id, result),
      secretFile: (name) => join(root, name),
      log: pino({ level: 'silent' }),
      ...more,
    });
  };
  const askOf = (url: string, password?: string): CameraProbeAsk =>
    cameraProbeAskSchema.parse({
      ...{ site, gateway },
      probe: {
        connect: { driver: 'rtsp', url, user: logIn.user },
        ...(password === undefined ? {} : { password }),
      },
    });
  beforeAll(async () => {
    cameras.streams.set('door', {
      ...{ codec: 'h264', fps: cameraFps, bytes: await movingScene() },
      ...{ auth: 'digest', ...logIn },
    });
    await cameras.start();
  });
  afterAll(() => cameras.stop());
  beforeEach(() => {
    overBroker = [];
    onProbe = (command) => proberOf().answer(command);
  });

  it('shows a picture, or is refused once; its password goes through the door alone', async () => {
    expect(await source.probe(askOf(cameras.url('door'), logIn.password))).toEqual({ error: null });
    expect(await source.probe(askOf(cameras.url('door'), 'not this one'))).toEqual({
      error: 'edge.camera_password',
    });
    expect(cameras.requests.filter(({ logIn: how }) => how === 'wrong')).toHaveLength(1);
    expect(overBroker).toHaveLength(2);
    expect(overBroker.join()).not.toMatch(/pictures please|not this one|rtsp:|viewer/);
  });

  it('is somewhere else, or speaks of something else', async () => {
    const { error: gone } = await source.probe(askOf('rtsp://127.0.0.1:9/', 'x'));
    expect(gone).toBe('edge.camera_refused');
    const { error: other } = await source.probe(askOf(cameras.url('nothing-here'), logIn.password));
    expect(other).toBe('edge.camera_not_found');
  });

  it('is told to nobody but the gateway that was asked, and to it while somebody waits', async () => {
    const refused: unknown[] = [];
    let id = '';
    onProbe = async (command) => {
      id = command.id;
      refused.push(await fetchCameraProbe(stranger, id).catch((error: unknown) => error));
      refused.push(await sendProbeResult(stranger, id, { error: null }).catch((error: unknown) => error));
      await proberOf({ attempt: async () => 'edge.camera_no_video' }).answer(command);
    };
    expect(await source.probe(askOf(cameras.url('door'), 'a secret'))).toEqual({
      error: 'edge.camera_no_video',
    });
    refused.push(await fetchCameraProbe(access, id).catch((error: unknown) => error));
    expect(refused).toMatchObject(refused.map(() => ({ code: 'edge.part_unreachable' })));
  });

  it('is tried for a command that the server signed for this gateway alone', async () => {
    let command: CameraProbeCommand | undefined;
    onProbe = async (came) => {
      command = came;
      await proberOf({ attempt: async () => null }).answer(came);
    };
    await source.probe(askOf(cameras.url('door'), 'x'));
    if (!command) throw new Error('no command');
    for (const change of [{ id: randomUUID() }, { kid: 'other' }])
      await expect(proberOf().answer({ ...command, ...change })).rejects.toMatchObject({
        code: 'edge.command_unsigned',
      });
    await expect(proberOf({ gateway: 'edge2' }).answer(command)).rejects.toMatchObject({
      code: 'edge.command_unsigned',
    });
  });
});
