import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceOf } from '@watchpost/contracts/site';
import { loadProfiles } from '@watchpost/hardware';
import {
  generateHolderKey,
  generateIssuerKey,
  issuePass,
  issuePlate,
  presentPass,
  publicPart,
} from '@watchpost/passes';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseEdgeAgentConfig } from '../../config.ts';
import type { EventDraft } from '../../outbox/event-draft.ts';
import { RedemptionFile } from '../../passes/redemption-file.ts';
import { noSeries } from '../../testing/no-series.ts';
import { rightClock } from '../../testing/right-clock.ts';
import { testConnections } from '../../testing/test-connections.ts';
import { DeviceHealthRecord } from '../device-health.ts';
import type { RunningDevice } from '../running-device.ts';
import { makeCodeReader } from './make-code-reader.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const issuer = generateIssuerKey({ iss: 'house' });
const nowS = Math.floor(Date.now() / 1000);
const claims = { iss: 'house', jti: 'visit-1', aud: ['gate'], nbf: nowS - 60, exp: nowS + 3600, maxUses: 1 };

let folder: string;
let server: Server;
let reader: Socket | null = null;
let ledger: RedemptionFile;
let device: RunningDevice;
let taken: EventDraft[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-reader-'));
  ledger = new RedemptionFile({ path: join(folder, 'redemptions.sqlite') });
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    reader = socket;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = parseEdgeAgentConfig(
    {
      site: 's1',
      gateway: 'g1',
      dataFolder: folder,
      broker: { url: 'mqtt://127.0.0.1:1' },
      passes: { issuers: [publicPart(issuer)] },
      devices: [
        {
          kind: 'code_reader',
          id: 'r1',
          zone: 'gate',
          profile: 'generic-code-reader',
          connect: { driver: 'tcp', host: '127.0.0.1', port },
        },
      ],
    },
    Date.now(),
  );
  taken = [];
  const health = new DeviceHealthRecord('r1' as DeviceHealthRecord['device'], Date.now, () => undefined);
  device = makeCodeReader(
    config.devices[0] as DeviceOf<'code_reader'>,
    loadProfiles().get('generic-code-reader')!,
    health,
    {
      config,
      log: pino({ level: 'silent' }),
      faces: Promise.resolve(null),
      clock: rightClock(),
      permit: () => ({ allowed: true }),
      revokedPasses: () => new Set(['withdrawn']),
      passListExpired: () => false,
      secondFactor: () => ({ demanded: 'guard', met: false }),
      shared: testConnections(),
      redeem: ({ claims, proof, atMs }) => ledger.redeem(claims, proof, atMs),
      take: (draft) => void taken.push(draft),
      series: noSeries,
      measured: () => undefined,
    },
  );
  device.start();
  await until(() => expect(reader).not.toBeNull());
});
afterEach(async () => {
  await device.stop();
  reader?.destroy();
  reader = null;
  await new Promise((resolve) => server.close(resolve));
  ledger.close();
  rmSync(folder, { recursive: true });
});

/** Scans, and waits until the reader's counters have moved by as many. */
async function scan(...texts: string[]) {
  const { readings, unreadable } = device.health.snapshot();
  reader!.write(texts.map((text) => `${text}\r\n`).join(''));
  await until(() => {
    const now = device.health.snapshot();
    expect(now.readings + now.unreadable - readings - unreadable).toBe(texts.length);
  });
}
const said = () =>
  taken.map(({ type, data }) => [
    type.split('.').slice(1, 3).join('.'),
    'reason' in data ? data.reason : undefined,
  ]);

test('scans take the way of the codes that cameras see: passes, plates, rejections', async () => {
  const plate = issuePlate({ domain: 'plates.example', id: 'unit-00017' }, issuer);
  await scan(
    issuePass(claims, issuer),
    plate,
    issuePass({ ...claims, jti: 'withdrawn' }, issuer),
    issuePass({ ...claims, jti: 'x' }, generateIssuerKey({ kid: issuer.kid })),
  );
  await until(() => expect(taken).toHaveLength(4));
  // A pass whose use is counted keeps no other scan waiting.
  expect(said().sort()).toEqual([
    ['address.scanned', undefined],
    ['pass.accepted', undefined],
    ['pass.rejected', 'revoked'],
    ['pass.rejected', 'signature'],
  ]);
  expect(taken.find(({ type }) => type === 'watchpost.pass.accepted.v1')).toMatchObject({
    device: 'r1',
    zone: 'gate',
    data: { jti: 'visit-1' },
  });
});

test('a pass is taken however the reader frames it, and what is none is counted by what it looks like', async () => {
  const text = (jti: string): string => issuePass({ ...claims, jti }, issuer);
  await scan(
    `]Q1${text('aim')}`,
    `\u0002${text('framed')}`,
    `GATE]Q1${text('prefix')}`,
    `\ufeff  ${text('bom')}   `,
    text('small').toLowerCase(),
    'https://example.org/menu',
    'https://example.org/menu2',
    '4006381333931',
    'Max Mustermann, Musterweg 1',
    issuePlate({ domain: 'plates.example', id: 'unit-00017' }, generateIssuerKey()),
  );
  expect(said()).toEqual(Array.from({ length: 5 }, () => ['pass.accepted', undefined]));
  const { unknownCodes } = device.health.snapshot();
  expect(unknownCodes?.counts).toEqual({ web_address: 2, ean: 1, text: 1, plate: 1 });
  expect(JSON.stringify(device.health.snapshot())).not.toContain('Muster');
});

test('rejections beyond sixty a minute are held back and counted in the state', async () => {
  expect(device.health.snapshot().heldBack).toBeUndefined();
  const forged = (jti: string) => issuePass({ ...claims, jti }, generateIssuerKey({ kid: issuer.kid }));
  // In batches, because a reader that says more a second is not listened to.
  for (let batch = 0; batch < 7; batch++) {
    await scan(...Array.from({ length: 10 }, (_, index) => forged(`forged-${batch}-${index}`)));
    await new Promise((resolve) => setTimeout(resolve, 1100));
  }
  expect(taken).toHaveLength(60);
  expect(device.health.snapshot().heldBack).toBe(10);
});

test('a pass is used up, and a copied proof refused', async () => {
  const holder = generateHolderKey();
  const bound = issuePass({ ...claims, jti: 'visit-2', maxUses: 5, cnf: holder.publicKey }, issuer);
  const shown = presentPass(bound, holder, Date.now());
  const paper = issuePass(claims, issuer);
  await scan(paper, shown);
  // Longer than one showing lasts.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await scan(paper, shown);
  expect(said()).toEqual([
    ['pass.accepted', undefined],
    ['pass.accepted', undefined],
    ['pass.rejected', 'used_up'],
    ['pass.rejected', 'replayed'],
  ]);
});

test('a reader that repeats itself is heard once', async () => {
  const text = issuePass(claims, issuer);
  await scan(text, text, text);
  expect(said()).toEqual([['pass.accepted', undefined]]);
});

test('hostile texts give no event, and too many at once are not looked at', async () => {
  await scan('javascript:alert(1)', '\u202eevil', 'x'.repeat(9000), 'https://example.org/');
  expect(taken).toEqual([]);
  expect(device.health.snapshot()).toMatchObject({
    unreadable: 1,
    status: 'degraded',
    error: 'edge.scan_unreadable',
  });
  const flood = Array.from({ length: 200 }, (_, i) => `text ${i}`);
  await scan(...flood);
  expect(device.health.snapshot().unreadable).toBeGreaterThan(100);
});

test('when uses cannot be counted no pass is accepted', async () => {
  ledger.close();
  reader!.write(`${issuePass(claims, issuer)}\r\n`);
  await until(() =>
    expect(device.health.snapshot()).toMatchObject({ status: 'degraded', error: 'edge.ledger_unusable' }),
  );
  expect(taken).toEqual([]);
});
