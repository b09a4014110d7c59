import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
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
import { type DoorAccess, sendStill } from '../../edge-agent/src/told/door-client.ts';
import { StillSender } from '../../edge-agent/src/told/still-sender.ts';
import { type GatewayDoor, startGatewayDoor } from '../../identity/src/door/gateway-door.ts';
import { openAnnouncingKey } from '../../identity/src/telling/announcing-key.ts';
import { Stills, serveStills } from '../../identity/src/telling/stills.ts';
import { TestSite } from '../../identity/src/testing/test-site.ts';

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
  door = await startGatewayDoor({
    ...{ authorities: [authority.folder], identity: { names: ['localhost'] } },
    ...{ host: '127.0.0.1', port: 0, nowMs: Date.now, stills },
  });
  served = await serveStills(join(root, 'stills.sock'), stills);
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
