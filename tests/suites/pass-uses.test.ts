import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { servePassUses } from '../../alerting/src/passes/pass-use-socket.ts';
import { openStore, type Store } from '../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { passCounterOf } from '../../edge-agent/src/passes/ask-pass-use.ts';
import { PassUses } from '../../edge-agent/src/passes/pass-uses.ts';
import { RedemptionFile } from '../../edge-agent/src/passes/redemption-file.ts';
import { type GatewayDoor, startGatewayDoor } from '../../identity/src/door/gateway-door.ts';
import { passCountAt } from '../../identity/src/telling/pass-count-socket.ts';
import { TestSite } from '../../identity/src/testing/test-site.ts';
import { waitFor } from '../support/wait-for.ts';

// A use of a pass on its whole way: gateway, door with certificates, the part that counts, the store.
const root = mkdtempSync(join(tmpdir(), 'watchpost-pass-way-'));
const socketFile = join(root, 'pass-uses.sock');
const path = (name: string) => join(root, name);
let store: Store;
let counting: { stop(): Promise<void> } | undefined;
let door: GatewayDoor;
const authorities = new Map<string, TestSite>();
const gateways: { readonly uses: PassUses; readonly file: RedemptionFile }[] = [];

const count = async () => {
  const sites = new Map<string, SiteId>(['north', 'south'].map((site) => [site, siteIdSchema.parse(site)]));
  counting = await servePassUses(socketFile, { db: store.db, nowMs: Date.now, sites });
};
const away = async () => {
  await counting?.stop();
  counting = undefined;
};

/** A gateway of a site with its certificate, as far as passes concern it. */
async function gatewayOf(site: string, name: string): Promise<PassUses> {
  const authority = authorities.get(site);
  if (!authority) throw new Error('no such site');
  const { cert, key } = await authority.gateway(name);
  const files = ['ca', 'cert', 'key'].map((kind) => path(`${site}-${name}-${kind}.pem`)) as [
    ...[string, string, string],
  ];
  [authority.ca, cert, key].forEach((text, index) => {
    writeFileSync(files[index] ?? '', text, { mode: 0o600 });
  });
  const [caFile, certFile, keyFile] = files;
  const access = { site, door: `https://localhost:${door.port}`, caFile, certFile, keyFile };
  const ask = passCounterOf({ passUses: undefined, site, gateway: name } as never, access);
  if (!ask) throw new Error('nobody to ask');
  const file = new RedemptionFile({ path: path(`${site}-${name}.sqlite`) });
  const uses = new PassUses({ ask, ledger: () => file, nowMs: Date.now, log: pino({ level: 'silent' }) });
  gateways.push({ uses, file });
  uses.start();
  return uses;
}
const shown = (jti: string, maxUses: number) => ({
  claims: { iss: 'north', jti, aud: ['gate'], exp: Math.floor(Date.now() / 1000) + 3_600, maxUses },
  ...{ proof: undefined, gate: 'gate', atMs: Date.now() },
});
async function redeem(uses: PassUses, jti: string, maxUses: number): Promise<string> {
  const result = await uses.redeem(shown(jti, maxUses));
  return result.outcome === 'redeemed' ? 'redeemed' : result.reason;
}

beforeAll(async () => {
  store = await openStore(await embeddedStore());
  for (const site of ['north', 'south']) authorities.set(site, await TestSite.create(site));
  door = await startGatewayDoor({
    ...{ authorities: [...authorities.values()].map(({ folder }) => folder) },
    ...{ identity: { names: ['localhost'] }, host: '127.0.0.1', port: 0, nowMs: Date.now },
    passes: passCountAt(socketFile),
  });
  await count();
});
afterAll(async () => {
  for (const { uses, file } of gateways) {
    await uses.stop();
    file.close();
  }
  await door.stop();
  await away();
  await store.close();
  for (const authority of authorities.values()) await authority.remove();
  rmSync(root, { recursive: true, force: true });
});

const usesOf = async (site: string, jti: string) =>
  store.db
    .selectFrom('pass_use')
    .select(['gateway', 'offline', 'over'])
    .where('site', '=', site)
    .where('jti', '=', jti)
    .orderBy('gateway')
    .execute();

it('two gateways of a site share one count, and those of another site have one of their own', async () => {
  const [one, two, other] = [
    await gatewayOf('north', 'edge1'),
    await gatewayOf('north', 'edge2'),
    await gatewayOf('south', 'edge1'),
  ];
  const jti = randomUUID();
  await redeem(one, jti, 2);
  await redeem(two, jti, 2);
  await redeem(other, jti, 2);
  await waitFor('both uses', async () => (await usesOf('north', jti)).length === 2);
  await waitFor('the use of the other site', async () => (await usesOf('south', jti)).length === 1);
  expect((await usesOf('north', jti)).map(({ gateway }) => gateway)).toEqual(['edge1', 'edge2']);
  expect(await redeem(two, jti, 2)).toBe('pass.used_up');
});

it('while nobody counts each gateway takes a pass once, and tells it once somebody does', async () => {
  const [one, two] = [await gatewayOf('north', 'edge3'), await gatewayOf('north', 'edge4')];
  const [jti, single] = [randomUUID(), randomUUID()];
  await away();
  expect([await redeem(one, jti, 3), await redeem(one, jti, 3), await redeem(two, jti, 3)]).toEqual([
    ...['redeemed', 'pass.used_up', 'redeemed'],
  ]);
  // The worst that an outage does to a pass of one use whose gate has two gateways.
  expect([await redeem(one, single, 1), await redeem(two, single, 1)]).toEqual(['redeemed', 'redeemed']);
  await count();
  await waitFor('what was let in', async () => (await usesOf('north', single)).length === 2, 60_000);
  expect((await usesOf('north', single)).map(({ offline, over }) => [offline, over]).toSorted()).toEqual([
    [true, false],
    [true, true],
  ]);
  await waitFor('the rest', async () => (await usesOf('north', jti)).length === 2, 60_000);
  expect((await usesOf('north', jti)).every(({ offline, over }) => offline && !over)).toBe(true);
});
