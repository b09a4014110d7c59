import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { PassUse } from '@watchpost/contracts/wire';
import { serveLocally } from '@watchpost/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { passCountAt } from '../telling/pass-count-socket.ts';
import { ask, TestSite } from '../testing/test-site.ts';
import { type GatewayDoor, startGatewayDoor } from './gateway-door.ts';

const root = mkdtempSync(join(tmpdir(), 'watchpost-pass-door-'));
const socket = join(root, 'uses.sock');
const use = (more: Partial<PassUse> = {}): PassUse => ({
  ...{ id: randomUUID(), iss: 'north', jti: 'visit-1', exp: 2_000_000_000, maxUses: 1, gate: 'gate' },
  ...{ at: '2026-11-27T08:00:00.000Z', taken: false, ...more },
});
const answer = { outcome: 'counted', uses: 1, left: 0, over: false };
let north: TestSite;
let south: TestSite;
let door: GatewayDoor;
let asked: unknown[] = [];
let reply: () => Promise<unknown> = async () => answer;

beforeAll(async () => {
  [north, south] = [await TestSite.create('north'), await TestSite.create('south')];
  door = await startGatewayDoor({
    ...{ authorities: [north.folder, south.folder], identity: { names: ['localhost'] } },
    ...{ host: '127.0.0.1', port: 0, nowMs: Date.now, passes: passCountAt(socket) },
  });
});
afterAll(async () => {
  await door.stop();
  await Promise.all([north.remove(), south.remove()]);
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  asked = [];
  reply = async () => answer;
});

type Identity = Awaited<ReturnType<TestSite['gateway']>>;
const call = (body: unknown, identity?: Identity) =>
  ask({ port: door.port } as Parameters<typeof ask>[0], '/pass-uses', {
    ...{ ca: north.ca, body },
    ...(identity ? { identity } : {}),
  });
const codeOf = ({ text }: { readonly text: string }) => (JSON.parse(text) as { code?: string }).code;

async function counting<T>(work: () => Promise<T>): Promise<T> {
  const server = await serveLocally(socket, (request) => {
    asked.push(request);
    return reply();
  });
  try {
    return await work();
  } finally {
    await server.stop();
  }
}

describe('uses of passes at the door', () => {
  it('are counted at the site of the certificate, whatever the pass says', async () => {
    const [one, other] = [await north.gateway('edge1'), await south.gateway('edge1')];
    await counting(async () => {
      const mine = use();
      expect(JSON.parse((await call(mine, one)).text)).toEqual(answer);
      await call(mine, other);
      expect(asked).toEqual([
        { site: 'north', gateway: 'edge1', use: mine },
        { site: 'south', gateway: 'edge1', use: mine },
      ]);
      // Nobody names a site or a gateway.
      expect(codeOf(await call({ ...mine, site: 'north' }, other))).toBe('api.invalid');
      expect(asked).toHaveLength(2);
    });
  });

  it('are counted for nobody without a certificate of a site here that is good', async () => {
    const stranger = await TestSite.create('north');
    const callers = [
      undefined,
      await north.gateway('edge1', 1_000, Date.now() - 3_600_000),
      await stranger.gateway('edge1'),
    ];
    await counting(async () => {
      for (const caller of callers)
        expect(codeOf(await call(use(), caller))).toBe('identity.certificate_refused');
      expect(asked).toEqual([]);
    });
    await stranger.remove();
  });

  it.each([
    ['an id', { id: 'x' }],
    ['a number of uses', { maxUses: 0 }],
    ['a name', { jti: 'a b' }],
    ['a time', { at: 'now' }],
  ])('need %s that can be', async (_what, more) => {
    const gateway = await north.gateway('edge2');
    await counting(async () => {
      expect(codeOf(await call({ ...use(), ...more }, gateway))).toBe('api.invalid');
      expect(asked).toEqual([]);
    });
  });

  it('have an answer that says so when nobody counts, and when who counts is too slow or answers nonsense', async () => {
    const gateway = await north.gateway('edge3');
    expect(codeOf(await call(use(), gateway))).toBe('identity.pass_count_away');
    await counting(async () => {
      reply = () => new Promise(() => undefined);
      expect(codeOf(await call(use(), gateway))).toBe('identity.pass_count_away');
      reply = async () => ({ outcome: 'open' });
      expect(codeOf(await call(use(), gateway))).toBe('identity.pass_count_away');
      reply = () => Promise.reject(new WatchpostError('api.invalid', { path: '/use/id' }));
      expect(codeOf(await call(use(), gateway))).toBe('api.invalid');
    });
  });
});
