import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { galleryFile, galleryKeysFile } from '@watchpost/contracts/enrolment';
import { galleryRecordSchema, type PermitContent } from '@watchpost/contracts/lists';
import type { GatewayPart } from '@watchpost/contracts/site';
import { permitSchema } from '@watchpost/contracts/wire';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tellingPolicy } from '../policy.ts';
import { revoke } from '../revocations/revoke.ts';
import { ask, TestSite } from '../testing/test-site.ts';
import { type TellingDoor, tellGateways } from './tell-gateways.ts';

const root = mkdtempSync(join(tmpdir(), 'watchpost-gallery-door-'));
const places = {
  permit: join(root, 'permits/demo.json'),
  galleries: join(root, 'enrolment/demo'),
  record: join(root, 'receipts/demo.json'),
};
const digestOf = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const galleryText = 'a sealed gallery';
const digest = digestOf(galleryText);
const keysText = JSON.stringify({ deploymentKey: 'A'.repeat(43), transformKey: 'B'.repeat(43) });
const camera = (more: object) => ({ kind: 'camera', id: 'cam', zone: 'gate', ...more });
const part = (gateway: string, devices: readonly object[]) =>
  ({
    ...{ site: 'demo', gateway, off: { shown: [], others: 0 }, hooks: undefined, zones: [], timeZone: 'UTC' },
    ...{ passes: { issuers: [], audience: 'gate', countUses: true }, devices },
  }) as unknown as GatewayPart;

let site: TestSite;
let door: TellingDoor;
let health: string | undefined;
const identities = new Map<string, Awaited<ReturnType<TestSite['gateway']>>>();
const options = () => ({
  identity: { names: ['localhost'] },
  ...{ host: '127.0.0.1', port: 0, broker: ':8883', dataFolder: join(root, 'told'), nowMs: Date.now },
  sites: [
    {
      ...{ site: 'demo', authority: site.folder, lists: places, link: { url: 'mqtt://127.0.0.1:1' } },
      parts: [
        part('faces', [camera({ faces: true, assessment: {} })]),
        part('blind', [camera({ faces: false })]),
        part('unrecorded', [camera({ faces: true })]),
      ],
    },
  ],
  logger: pino({ level: 'silent' }),
  onHealth: (said: { error?: string | undefined }) => {
    health = said.error;
  },
});
const content: PermitContent = { gallery: digest, withdrawn: [], erase: [], revokedPasses: ['visit-1'] };
const say = (more: object | string) =>
  writeFileSync(places.permit, typeof more === 'string' ? more : JSON.stringify({ ...content, ...more }));
const record = () => galleryRecordSchema.parse(JSON.parse(readFileSync(places.record, 'utf8')));

beforeAll(async () => {
  for (const folder of ['permits', 'enrolment/demo']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(places.galleries, galleryFile(digest)), galleryText);
  writeFileSync(join(places.galleries, galleryKeysFile), keysText, { mode: 0o600 });
  say({});
  site = await TestSite.create('demo');
  for (const name of ['faces', 'blind', 'unrecorded', 'gone']) identities.set(name, await site.gateway(name));
  door = await tellGateways(options());
});
afterAll(async () => {
  await door.stop();
  await site.remove();
  rmSync(root, { recursive: true });
});
beforeEach(() => say({}));

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const call = (path: string, gateway: string | undefined, body?: unknown) => {
  const identity = gateway === undefined ? undefined : identities.get(gateway);
  const more = { ...(identity ? { identity } : {}), ...(body === undefined ? {} : { body }) };
  return ask({ port: door.port } as Parameters<typeof ask>[0], path, { ca: site.ca, ...more });
};
const permitOf = async (gateway: string) =>
  permitSchema.parse(JSON.parse((await call('/permit', gateway)).text));
const holder = randomUUID();
const gallery = (gateway: string | undefined, which = digest) =>
  call(`/gallery/${which}?holder=${holder}`, gateway);

describe('a permit', () => {
  it('says what the lists say, and where the gallery is', async () => {
    expect(await permitOf('faces')).toEqual({
      gallery: {
        ...{ digest, withdrawn: [] },
        file: { size: galleryText.length, keys: digestOf(keysText) },
      },
      passes: { revoked: ['visit-1'] },
    });
  });
  it.each(['blind', 'unrecorded'])(
    'of a gateway (%s) that may not look for faces names none',
    async (name) => {
      say({ withdrawn: ['entry-1'] });
      expect(await permitOf(name)).toEqual({
        gallery: { digest: null, withdrawn: [] },
        passes: { revoked: ['visit-1'] },
      });
    },
  );
  it('follows the lists', async () => {
    say({ withdrawn: ['entry-1'] });
    await until(async () => expect((await permitOf('faces')).gallery.withdrawn).toEqual(['entry-1']));
  });
  it.each([
    ['broken', () => say('{"gallery":')],
    ['of another form', () => say({ gallery: 'x' })],
    ['gone', () => rmSync(places.permit)],
  ])(
    'stays what it was while the file is %s, also over a restart, and health says so',
    async (_how, spoil) => {
      say({ withdrawn: ['entry-2'] });
      await until(async () => expect((await permitOf('faces')).gallery.withdrawn).toEqual(['entry-2']));
      spoil();
      await until(() => expect(health).toBe('identity.permit_content'));
      expect((await permitOf('faces')).gallery.withdrawn).toEqual(['entry-2']);
      await door.stop();
      door = await tellGateways(options());
      expect((await permitOf('faces')).gallery.withdrawn).toEqual(['entry-2']);
      expect((await permitOf('faces')).passes.revoked).toEqual(['visit-1']);
      say({});
      await until(() => expect(health).toBeUndefined());
    },
  );
  it('names a gallery that is not there without a place, and health says so', async () => {
    const absent = digestOf('absent');
    say({ gallery: absent });
    await until(async () =>
      expect((await permitOf('faces')).gallery).toEqual({ digest: absent, withdrawn: [] }),
    );
    await until(() => expect(health).toBe('identity.gallery_absent'));
  });
});

describe('the gallery and its keys', () => {
  it('come to a gateway that may look for faces, once it is on record', async () => {
    // Each try counts against the gallery’s own limit.
    const served = async () => expect((await gallery('faces')).text).toBe(galleryText);
    await vi.waitFor(served, { timeout: 10_000, interval: 2 * tellingPolicy.contentPollMs });
    expect(record().holders).toMatchObject([{ gateway: 'faces', holder, keys: null }]);
    const keys = await call(`/gallery-keys?holder=${holder}`, 'faces');
    expect(keys.text).toBe(keysText);
    expect(record().holders).toMatchObject([{ keys: digestOf(keysText) }]);
    expect(statSync(places.record).mode & 0o777).toBe(0o600);
  });
  it.each<[string, string | undefined, string]>([
    ['without a privacy record', 'unrecorded', 'identity.gallery_refused'],
    ['without such a camera', 'blind', 'identity.gallery_refused'],
    ['that the site does not list', 'gone', 'identity.unknown_gateway'],
    ['without a certificate', undefined, 'identity.certificate_refused'],
  ])('do not come to a gateway %s', async (_name, gateway, code) => {
    const before = readFileSync(places.record, 'utf8');
    for (const answer of [await gallery(gateway), await call(`/gallery-keys?holder=${holder}`, gateway)])
      expect(answer.body.code).toBe(code);
    expect(readFileSync(places.record, 'utf8')).toBe(before);
  });
  it('of another digest than the permit’s do not come, nor without saying whose folder asks', async () => {
    expect((await gallery('faces', digestOf('other'))).body.code).toBe('identity.gallery_absent');
    expect((await gallery('faces', '../keys.json')).status).toBe(404);
    expect((await gallery('faces', '..%2Fkeys.json')).body.code).toBe('api.invalid');
    expect((await call(`/gallery/${digest}`, 'faces')).body.code).toBe('api.invalid');
  });
  it('do not leave while the record is damaged', async () => {
    await door.stop();
    const good = readFileSync(places.record, 'utf8');
    writeFileSync(places.record, '{');
    door = await tellGateways(options());
    expect((await gallery('faces')).body.code).toBe('identity.gallery_record');
    await until(() => expect(health).toBe('identity.gallery_record'));
    expect(readFileSync(places.record, 'utf8')).toBe('{');
    await door.stop();
    writeFileSync(places.record, good);
    health = undefined;
    door = await tellGateways(options());
  });
});

describe('an erasure', () => {
  const erase = [{ entry: 'entry-9', since: '2026-11-01T00:00:00.000Z' }];
  it('stays in the permit until the receipt is there, also when the lists say it no more', async () => {
    say({ erase });
    await until(async () => expect((await permitOf('faces')).gallery.erase).toEqual(['entry-9']));
    say({ withdrawn: ['entry-3'] });
    await until(async () => expect((await permitOf('faces')).gallery.withdrawn).toEqual(['entry-3']));
    expect((await permitOf('faces')).gallery.erase).toEqual(['entry-9']);
    // One that looks for no faces now may have done so before.
    expect((await permitOf('blind')).gallery.erase).toEqual(['entry-9']);
    const receipt = { holder, keys: null, entries: ['entry-9', 'never-asked'] };
    expect((await call('/erasure-receipts', undefined, receipt)).body.code).toBe(
      'identity.certificate_refused',
    );
    for (const _again of [1, 2]) expect((await call('/erasure-receipts', 'faces', receipt)).status).toBe(204);
    expect(record().erasures).toMatchObject([
      { entry: 'entry-9', receipts: [{ gateway: 'faces', holder }], settled: expect.any(String) },
    ]);
    await until(async () => expect((await permitOf('faces')).gallery.erase).toBeUndefined());
  });
  it.each([{}, { holder: 'x', keys: null, entries: ['e'] }, { holder, keys: null, entries: [] }])(
    'is not done by %j',
    async (body) => {
      expect((await call('/erasure-receipts', 'faces', body)).body.code).toBe('api.invalid');
    },
  );
  it('does not wait for a gateway that was revoked, whose keys are to be changed', async () => {
    await call(`/gallery-keys?holder=${holder}`, 'faces');
    say({ erase: [{ entry: 'entry-8', since: '2026-11-02T00:00:00.000Z' }] });
    await until(() => expect(record().erasures.at(-1)).toMatchObject({ entry: 'entry-8', settled: null }));
    await revoke(site.folder, { gateway: 'faces' }, Date.now());
    await until(() => expect(record().erasures.at(-1)?.settled).not.toBeNull());
    expect(record().rekey).toMatchObject([{ gateway: 'faces', keys: digestOf(keysText) }]);
    await until(() => expect(health).toBe('identity.rekey_due'));
    const others = JSON.stringify({ deploymentKey: 'A'.repeat(43), transformKey: 'C'.repeat(43) });
    writeFileSync(join(places.galleries, galleryKeysFile), others, { mode: 0o600 });
    await until(() => expect(record().rekey).toEqual([]));
    await until(() => expect(health).toBeUndefined());
  });
});
