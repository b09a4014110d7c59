import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { galleryFile, galleryKeysFile } from '@watchpost/contracts/enrolment';
import { erasureProgress, galleryRecordSchema } from '@watchpost/contracts/lists';
import { type DeviceOf, deviceSchema, type GatewayPart } from '@watchpost/contracts/site';
import { type SiteToTell, type TellingDoor, tellGateways } from '@watchpost/identity/telling';
import { TestSite } from '@watchpost/identity/testing/test-site';
import { decodeGallery, encodeGallery, Gallery, type GalleryKeys } from '@watchpost/inference';
import { replaceFileSync } from '@watchpost/service';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseEdgeAgentConfig } from '../config.ts';
import { MqttLink } from '../link/mqtt-link.ts';
import { AccessConditions } from '../policy/access-conditions.ts';
import { listEntryRecord } from '../testing/list-entry-record.ts';
import { TestBroker } from '../testing/test-broker.ts';
import { ServerWord } from './server-word.ts';

// A real gateway door, a real broker, and what a gateway is told; no models and no camera.
const root = mkdtempSync(join(tmpdir(), 'watchpost-told-gallery-'));
const server = join(root, 'server');
const galleries = join(server, 'enrolment/demo');
const lists = {
  permit: join(server, 'permits/demo.json'),
  galleries,
  record: join(server, 'receipts/demo.json'),
};
const log = pino({ level: 'silent' });
const broker = new TestBroker();
const camera = (faces: boolean) =>
  deviceSchema.parse({
    ...{ kind: 'camera', id: 'cam', zone: 'gate', profile: 'generic-camera', faces },
    connect: { driver: 'file', url: '/clip.mkv' },
    assessment: {
      ...{ reference: 'r', approvedBy: 'a', approvedAt: '2026-01-01T00:00:00.000Z', notPrivate: true },
      noticeSign: { place: 'gate', checkedAt: '2026-01-01T00:00:00.000Z' },
    },
  });
const part = (faces: boolean) =>
  ({
    ...{ site: 'demo', gateway: 'gw', off: { shown: [], others: 0 }, hooks: undefined, zones: [] },
    ...{
      timeZone: 'UTC',
      passes: { issuers: [], audience: 'gate', countUses: true },
      devices: [camera(faces)],
    },
  }) as unknown as GatewayPart;

let site: TestSite;
let door: TellingDoor;
let keys: GalleryKeys;
let word: ServerWord;
let link: MqttLink;
let conditions: AccessConditions;
let skewMs = 0;
const faces: boolean[] = [];
/** Set for a gateway that runs on the server’s computer. */
let own: { readonly certFile: string } | undefined;
const data = join(root, 'gateway/data');
const kept = join(data, 'faces');

const sites = (looksForFaces = true, permit?: SiteToTell['permit']): SiteToTell[] => [
  {
    ...{ site: 'demo', authority: site.folder, lists, link: { url: broker.url } },
    ...{ parts: [part(looksForFaces)], permit },
  },
];
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const axis = (index: number) => Float32Array.from({ length: 8 }, (_, i) => (i === index ? 1 : 0));
function newKeys(): GalleryKeys {
  const made = { deploymentKey: randomBytes(32), transformKey: randomBytes(32) };
  const text = (key: Uint8Array) => Buffer.from(key).toString('base64url');
  const json = { deploymentKey: text(made.deploymentKey), transformKey: text(made.transformKey) };
  replaceFileSync(join(galleries, galleryKeysFile), JSON.stringify(json));
  return made;
}
/** As the enrolment does. */
function compile(...entries: readonly string[]): string {
  const gallery = new Gallery({ dimension: 8, transformKey: keys.transformKey });
  entries.forEach((entryId, index) => {
    const record = listEntryRecord(entryId, 'watch', ['gate'], Date.now());
    const { area: areas, expires } = record;
    gallery.add({ entryId, list: 'watch', areas, expiresAt: Date.parse(expires), record }, axis(index));
  });
  const bytes = encodeGallery(gallery, keys);
  replaceFileSync(join(galleries, galleryFile(digestOf(bytes))), bytes);
  return digestOf(bytes);
}
/** As alerting does. */
const say = (
  gallery: string | null,
  more: { withdrawn?: readonly string[]; erase?: readonly object[] } = {},
) =>
  replaceFileSync(
    lists.permit,
    JSON.stringify({ gallery, withdrawn: [], erase: [], revokedPasses: [], ...more }),
  );
const looksForFaces = ({ devices }: Pick<GatewayPart, 'devices'>) =>
  devices.some((device) => (device as DeviceOf<'camera'>).faces);
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 10 });
const held = () =>
  word.gallery?.gallery
    .entries()
    .map(({ entryId }) => entryId)
    .toSorted() ?? [];
const inForce = (digest: string) => until(() => expect(word.gallery?.digest).toBe(digest));
const record = () => galleryRecordSchema.parse(JSON.parse(readFileSync(lists.record, 'utf8')));

/** As the claim says. */
function announcingKey() {
  const key = createPrivateKey(readFileSync(join(site.folder, 'announce.key')));
  const publicKey = key.export({ format: 'jwk' }).x ?? '';
  return { kid: createHash('sha256').update(publicKey).digest('base64url').slice(0, 16), publicKey };
}

/** @param own runs on the server’s computer: told of devices by its file, known by this certificate */
async function startGateway(own?: { readonly certFile: string }): Promise<void> {
  const certificate = { caFile: join(root, 'ca.pem'), certFile: join(root, 'gw.pem') };
  const config = parseEdgeAgentConfig(
    {
      ...{ site: 'demo', gateway: 'gw', dataFolder: data, devices: own ? [camera(true)] : [] },
      broker: own
        ? { url: 'mqtt://localhost:1', username: 'demo/gw', password: 'secret' }
        : { url: 'mqtts://localhost:1', ...certificate, keyFile: join(root, 'gw.pem') },
      told: {
        ...{ door: `https://localhost:${door.port}`, keys: [announcingKey()] },
        ...(own ? { local: { ...certificate, ...own } } : {}),
      },
    },
    Date.now(),
  );
  const clock = { isUnknown: false, nowMs: () => Date.now() + skewMs };
  const files = { ...certificate, ...own };
  word = new ServerWord({
    ...{ config, clock, log, keys: config.told?.keys ?? [] },
    door: { site: 'demo', door: config.told?.door ?? '', ...files, keyFile: files.certFile },
    apply: async (told) => {
      faces.push(looksForFaces(told));
    },
    onPermit: () => conditions.applyPolicy(),
    onChange: () => undefined,
    onUnwritable: () => () => undefined,
  });
  const policy = {
    get current() {
      return word.permit;
    },
  };
  conditions = new AccessConditions({ policy, clock, policyRequired: true, passTimes: () => ({}) });
  const gallery = word.gallery;
  conditions.useRecognition({
    gallery: gallery?.gallery ?? new Gallery(),
    certifiedLiveness: false,
    get galleryDigest() {
      return gallery?.digest ?? '';
    },
  });
  await word.restorePermit();
  if (own) faces.push(looksForFaces(word.fileSays(config)));
  await word.restorePart();
  link = new MqttLink({
    ...{ broker: { ...config.broker, url: broker.url, caFile: undefined, certFile: undefined } as never },
    ...{ site: 'demo', gateway: 'gw', log, isTold: true, will: () => '{}' },
    onUp: () => undefined,
    onDown: () => word.linkEnded(),
    onMessage: (topic, payload, retained) => {
      if (topic === 'site' || topic === 'permit') word.announced(topic, payload, retained);
    },
  });
  link.start();
}
async function stopGateway(): Promise<void> {
  await link.stop('{}');
  await word.stop();
}

beforeAll(async () => {
  for (const folder of [galleries, join(server, 'permits'), join(server, 'receipts'), data])
    mkdirSync(folder, { recursive: true });
  site = await TestSite.create('demo');
  const { cert, key } = await site.gateway('gw');
  writeFileSync(join(root, 'gw.pem'), cert + key, { mode: 0o600 });
  writeFileSync(join(root, 'ca.pem'), site.ca);
  keys = newKeys();
  await broker.start();
  door = await tellGateways({
    identity: { names: ['localhost'] },
    ...{ host: '127.0.0.1', port: 0, broker: ':8883', dataFolder: join(server, 'told'), nowMs: Date.now },
    ...{ sites: sites(), logger: log },
  });
});
afterAll(async () => {
  await door.stop();
  await broker.stop();
  await site.remove();
  rmSync(root, { recursive: true });
});
beforeEach(async () => {
  skewMs = 0;
  await startGateway(own);
});
afterEach(stopGateway);

it('a permit is good for as long as the site says, at once when it says something else', async () => {
  const endsInMs = () => Date.parse(word.permit?.expires ?? '') - Date.now();
  await until(() => expect(endsInMs()).toBeGreaterThan(30_000));
  door.tell(sites(true, { life: 10_000, renewEvery: 1_000 }));
  await until(() => expect(endsInMs()).toBeLessThanOrEqual(10_000));
  const first = word.permit?.expires ?? '';
  await until(() => expect(word.permit?.expires).not.toBe(first));
  expect(Date.parse(word.permit?.expires ?? '')).toBeGreaterThan(Date.parse(first));
  door.tell(sites());
  await until(() => expect(endsInMs()).toBeGreaterThan(30_000));
});

describe('the gallery that a permit names', () => {
  it('is fetched with its keys, kept for its owner only, and cameras look for faces from then on', async () => {
    await until(() => expect(faces.at(-1)).toBe(false));
    const digest = compile('e1', 'e2');
    say(digest);
    await inForce(digest);
    expect(held()).toEqual(['e1', 'e2']);
    await until(() => expect(faces.at(-1)).toBe(true));
    expect(conditions.permit()).toEqual({ allowed: true });
    expect(readdirSync(kept).toSorted()).toEqual([digest, 'holder'].toSorted());
    for (const file of ['gallery', 'keys.json'])
      expect(statSync(join(kept, digest, file)).mode & 0o777).toBe(0o600);
    expect(record().holders).toMatchObject([{ gateway: 'gw', revoked: null }]);
  });
  it('takes the place of the one before while matching goes on', async () => {
    const before = word.gallery?.gallery;
    await until(() => expect(conditions.permit()).toEqual({ allowed: true }));
    const refused: unknown[] = [];
    const watch = setInterval(() => {
      const permit = conditions.permit();
      if (!permit.allowed) refused.push(permit.error);
    }, 1);
    const digest = compile('e1', 'e2', 'e3');
    say(digest);
    await inForce(digest);
    clearInterval(watch);
    expect(refused).toEqual([]);
    expect(word.gallery?.gallery).toBe(before);
    expect(before?.match(axis(2), Date.now(), 'gate')?.entry.entryId).toBe('e3');
    expect(readdirSync(kept).toSorted()).toEqual([digest, 'holder'].toSorted());
  });
  it('is in force at the next start without network', async () => {
    await stopGateway();
    await broker.stop();
    await startGateway();
    expect([held(), faces.at(-1)]).toEqual([['e1', 'e2', 'e3'], true]);
    await broker.start();
  });
  it('that is not what the permit says, or has an entry without a lawful record, is not taken', async () => {
    const before = word.gallery?.digest;
    const unlawful = new Gallery({ dimension: 8, transformKey: keys.transformKey });
    unlawful.add({ entryId: 'x', list: 'watch', areas: ['gate'], expiresAt: 9e12 }, axis(0));
    const bytes = encodeGallery(unlawful, keys);
    replaceFileSync(join(galleries, galleryFile(digestOf(bytes))), bytes);
    say(digestOf(bytes));
    await until(() => expect(word.errors).toContain('watchlist.incomplete'));
    const other = 'f'.repeat(64);
    replaceFileSync(join(galleries, galleryFile(other)), bytes);
    say(other);
    await until(() => expect(word.errors).toContain('edge.part_invalid'));
    expect([word.gallery?.digest, held()]).toEqual([before, ['e1', 'e2', 'e3']]);
    expect(readdirSync(kept).filter((name) => name !== 'holder')).toEqual([before]);
  });
  it('comes with other keys after a re-key', async () => {
    keys = newKeys();
    const digest = compile('e1', 'e2', 'e3');
    say(digest);
    await inForce(digest);
    expect(word.gallery?.gallery.match(axis(1), Date.now(), 'gate')?.entry.entryId).toBe('e2');
    await until(() => expect(word.errors).toEqual([]));
  });
});

describe('what is withdrawn', () => {
  it('matches nothing once the permit has come', async () => {
    const digest = word.gallery?.digest ?? '';
    expect(word.gallery?.gallery.match(axis(0), Date.now(), 'gate')?.entry.entryId).toBe('e1');
    say(digest, { withdrawn: ['e1'] });
    await until(() => expect(held()).toEqual(['e2', 'e3']));
    expect(word.gallery?.gallery.match(axis(0), Date.now(), 'gate')?.cosine).toBeLessThan(0.9);
  });
  it('matches nothing after a restart, although the file still has it', async () => {
    expect(held()).toEqual(['e2', 'e3']);
  });
  it('while the network is away is over when the permit ends: no face is matched then', async () => {
    await until(() => expect(conditions.permit()).toEqual({ allowed: true }));
    await broker.stop();
    say(word.gallery?.digest ?? '', { withdrawn: ['e1', 'e2'] });
    skewMs = 61_000;
    expect(conditions.permit()).toEqual({ allowed: false, error: 'edge.policy_expired' });
    skewMs = 0;
    await broker.start();
    await until(() => expect(held()).toEqual(['e3']));
  });
});

describe('what is erased', () => {
  it('is gone from memory and disk, and the server has the receipt', async () => {
    const digest = word.gallery?.digest ?? '';
    say(digest, { erase: [{ entry: 'e2', since: '2026-11-01T00:00:00.000Z' }] });
    await until(() => expect(erasureProgress(record(), 'e2')?.settled).toBe(true));
    expect(erasureProgress(record(), 'e2')).toMatchObject({ receipts: 1, of: 1 });
    // e1 was withdrawn before: it comes back with another gallery or a start, not by itself.
    expect(held()).toEqual(['e3']);
    const onDisk = decodeGallery(readFileSync(join(kept, digest, 'gallery')), keys);
    expect(
      onDisk
        .entries()
        .map(({ entryId }) => entryId)
        .toSorted(),
    ).toEqual(['e1', 'e3']);
    expect(conditions.permit()).toEqual({ allowed: true });
  });
  it('is said by a gateway that was away, when it comes back', async () => {
    const digest = word.gallery?.digest ?? '';
    await stopGateway();
    say(digest, { erase: [{ entry: 'e3', since: '2026-11-02T00:00:00.000Z' }] });
    await until(() => expect(erasureProgress(record(), 'e3')).toMatchObject({ receipts: 0, of: 1 }));
    await startGateway();
    await until(() => expect(erasureProgress(record(), 'e3')?.settled).toBe(true));
    expect(held()).toEqual(['e1']);
  });
});

it('a gateway that is to look for no faces any more deletes gallery and keys', async () => {
  expect(word.gallery?.isThere).toBe(true);
  door.tell(sites(false));
  await until(() => expect(readdirSync(kept)).toEqual(['holder']));
  expect([held(), existsSync(kept)]).toEqual([[], true]);
  await until(() => expect(faces.at(-1)).toBe(false));
});

describe('a gateway that runs on the server’s computer', () => {
  const certFile = join(root, 'own.pem');
  beforeAll(() => {
    own = { certFile };
  });
  it('works from the start, and gets gallery and keys at the door once it is claimed there', async () => {
    door.tell(sites());
    const digest = compile('e1', 'e2');
    say(digest);
    // Without a certificate the door says nothing; its camera does everything else.
    expect([faces.at(-1), held(), conditions.permit().allowed]).toEqual([false, [], false]);
    await until(() => expect(word.errors).toEqual(['edge.part_unreachable']));
    copyFileSync(join(root, 'gw.pem'), certFile);
    await inForce(digest);
    await until(() => expect(faces.at(-1)).toBe(true));
    expect([held(), word.errors]).toEqual([['e1', 'e2'], []]);
    for (const file of ['gallery', 'keys.json'])
      expect(statSync(join(kept, digest, file)).mode & 0o777).toBe(0o600);
  });
  it('has them at the next start without door and broker, and looks for faces at once', async () => {
    await stopGateway();
    await broker.stop();
    await startGateway(own);
    expect([held(), faces.at(-1)]).toEqual([['e1', 'e2'], true]);
    await broker.start();
  });
  it('stops matching who was withdrawn: at once, and offline when its permit ends', async () => {
    await until(() => expect(conditions.permit()).toEqual({ allowed: true }));
    say(word.gallery?.digest ?? '', { withdrawn: ['e1'] });
    await until(() => expect(held()).toEqual(['e2']));
    await broker.stop();
    say(word.gallery?.digest ?? '', { withdrawn: ['e1', 'e2'] });
    skewMs = 61_000;
    expect(conditions.permit()).toEqual({ allowed: false, error: 'edge.policy_expired' });
    skewMs = 0;
    await broker.start();
    await until(() => expect(held()).toEqual([]));
  });
  it('is told of its devices by its file alone: no site part of the server is applied', async () => {
    await until(() => expect(conditions.permit()).toEqual({ allowed: true }));
    const applied = faces.length;
    door.tell(sites(false));
    await until(() => expect(readdirSync(kept)).toEqual(['holder']));
    expect(faces.slice(applied)).toEqual([false]);
    expect(word.sitePart?.version ?? null).toBeNull();
  });
});
