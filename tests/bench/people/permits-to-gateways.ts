import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { galleryFile, galleryKeysFile } from '@watchpost/contracts/enrolment';
import { erasureProgress, galleryRecordSchema } from '@watchpost/contracts/lists';
import { deviceSchema, type GatewayPart } from '@watchpost/contracts/site';
import { type TellingDoor, tellGateways } from '@watchpost/identity/telling';
import { encodeGallery, Gallery } from '@watchpost/inference';
import { replaceFileSync } from '@watchpost/service';
import { pino } from 'pino';
import { listEntryRecord } from '../../../edge-agent/src/testing/list-entry-record.ts';
import { TestBroker } from '../../../edge-agent/src/testing/test-broker.ts';
import { TestSite } from '../../../identity/src/testing/test-site.ts';
import type { FieldBench } from '../field/field-bench.ts';
import type { Figure } from '../figure.ts';
import { ToldGateway } from './told-gateway.ts';

/** Gateways of the site, and how many of them are away while something is erased. */
const gateways = 20;
const away = 3;
const names = Array.from({ length: gateways }, (_, index) => `gw-${index}`);
const entries = ['e1', 'e2', 'e3'];
const log = pino({ level: 'silent' });

/** A camera that may look for faces. */
const camera = deviceSchema.parse({
  ...{ kind: 'camera', id: 'cam', zone: 'gate', profile: 'generic-camera', faces: true },
  connect: { driver: 'file', url: '/clip.mkv' },
  assessment: {
    ...{ reference: 'r', approvedBy: 'a', approvedAt: '2026-01-01T00:00:00.000Z', notPrivate: true },
    noticeSign: { place: 'gate', checkedAt: '2026-01-01T00:00:00.000Z' },
  },
});
const part = (gateway: string) =>
  ({
    ...{ site: 'demo', gateway, off: { shown: [], others: 0 }, hooks: undefined, zones: [], timeZone: 'UTC' },
    ...{ passes: { issuers: [], audience: 'gate', countUses: true }, devices: [camera] },
  }) as unknown as GatewayPart;

/** The files from which the door tells gateways: as alerting and the enrolment write them. */
class Lists {
  readonly places: { readonly permit: string; readonly galleries: string; readonly record: string };
  readonly #digest: string;

  constructor(root: string) {
    const galleries = join(root, 'enrolment/demo');
    this.places = {
      permit: join(root, 'permits/demo.json'),
      galleries,
      record: join(root, 'receipts/demo.json'),
    };
    for (const folder of [galleries, join(root, 'permits')]) mkdirSync(folder, { recursive: true });
    const keys = { deploymentKey: randomBytes(32), transformKey: randomBytes(32) };
    const text = (key: Uint8Array) => Buffer.from(key).toString('base64url');
    const json = { deploymentKey: text(keys.deploymentKey), transformKey: text(keys.transformKey) };
    replaceFileSync(join(galleries, galleryKeysFile), JSON.stringify(json));
    const gallery = new Gallery({ dimension: 8, transformKey: keys.transformKey });
    entries.forEach((entryId, row) => {
      const record = listEntryRecord(entryId, 'watch', ['gate'], Date.now());
      const { area: areas, expires } = record;
      const direction = Float32Array.from({ length: 8 }, (_, i) => (i === row ? 1 : 0));
      gallery.add({ entryId, list: 'watch', areas, expiresAt: Date.parse(expires), record }, direction);
    });
    const bytes = encodeGallery(gallery, keys);
    this.#digest = createHash('sha256').update(bytes).digest('hex');
    replaceFileSync(join(galleries, galleryFile(this.#digest)), bytes);
  }

  say(withdrawn: readonly string[], erase: readonly { entry: string; since: string }[] = []): void {
    const content = { gallery: this.#digest, withdrawn, erase, revokedPasses: [] };
    replaceFileSync(this.places.permit, JSON.stringify(content));
  }

  progress(entry: string) {
    const record = galleryRecordSchema.parse(JSON.parse(readFileSync(this.places.record, 'utf8')));
    return erasureProgress(record, entry);
  }
}

/** Seconds until something holds. */
async function secondsUntil(holds: () => boolean, atMostS: number): Promise<number> {
  const begun = performance.now();
  while (!holds()) {
    if (performance.now() - begun > atMostS * 1000) throw new Error(`not within ${atMostS} s`);
    await sleep(10);
  }
  return (performance.now() - begun) / 1000;
}

async function measure(root: string, site: TestSite, broker: TestBroker, say: (line: string) => void) {
  const lists = new Lists(root);
  lists.say([]);
  const link = { url: broker.url };
  const door: TellingDoor = await tellGateways({
    ...{ identity: { names: ['localhost'] }, host: '127.0.0.1', port: 0, broker: ':8883', logger: log },
    ...{ dataFolder: join(root, 'told'), nowMs: () => Date.now() },
    sites: [{ site: 'demo', authority: site.folder, lists: lists.places, link, parts: names.map(part) }],
  });
  const publicKey =
    createPrivateKey(readFileSync(join(site.folder, 'announce.key'))).export({ format: 'jwk' }).x ?? '';
  const kid = createHash('sha256').update(publicKey).digest('base64url').slice(0, 16);
  const start = (name: string) =>
    ToldGateway.start({
      ...{ folder: join(root, name), site, name, brokerUrl: broker.url, doorPort: door.port },
      key: { kid, publicKey },
    });
  const running = new Map<string, ToldGateway>();
  const figures: Figure[] = [];
  const all = (holds: (gateway: ToldGateway) => boolean) => () => [...running.values()].every(holds);
  try {
    for (const name of names) running.set(name, await start(name));
    await secondsUntil(
      all((gateway) => gateway.mayMatch('e1')),
      120,
    );
    say('withdrawal, with the network');
    lists.say(['e1']);
    const online = await secondsUntil(
      all((gateway) => !gateway.mayMatch('e1')),
      60,
    );
    figures.push({ figure: 'withdraw_s', value: round(online), unit: 's', n: gateways });

    say('erasure, with gateways away');
    for (const name of names.slice(0, away)) {
      await running.get(name)?.stop();
      running.delete(name);
    }
    lists.say(['e1'], [{ entry: 'e2', since: new Date().toISOString() }]);
    await secondsUntil(() => lists.progress('e2')?.receipts === gateways - away, 60);
    for (const name of names.slice(0, away)) running.set(name, await start(name));
    await secondsUntil(() => lists.progress('e2')?.settled === true, 60);
    const receipts = lists.progress('e2')?.receipts ?? 0;
    figures.push({ figure: 'erasure_receipts', value: receipts, unit: 'gateways', n: gateways });

    say('withdrawal, cut off just before it');
    await secondsUntil(
      all((gateway) => gateway.mayMatch('e3')),
      60,
    );
    await broker.stop();
    lists.say(['e1', 'e3']);
    const offline = await secondsUntil(
      all((gateway) => !gateway.mayMatch('e3')),
      90,
    );
    figures.push({ figure: 'withdraw_offline_s', value: round(offline), unit: 's', n: gateways });
    return figures;
  } finally {
    await Promise.all([...running.values()].map((gateway) => gateway.stop()));
    await door.stop();
  }
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;

/**
 * What the lists say reaches the gateways: a real door, a broker, and twenty gateways’ own code for what they
 * are told. Seconds from the file that alerting writes until the last gateway could not match the entry.
 */
export const permitsToGateways: FieldBench = {
  name: 'permits',
  figures: ['withdraw_s', 'erasure_receipts', 'withdraw_offline_s'],
  async run(say) {
    const root = mkdtempSync(join(tmpdir(), 'watchpost-bench-permits-'));
    const broker = new TestBroker();
    const site = await TestSite.create('demo');
    try {
      await broker.start();
      return await measure(root, site, broker, say);
    } finally {
      await broker.stop();
      await site.remove();
      rmSync(root, { recursive: true, force: true });
    }
  },
};
