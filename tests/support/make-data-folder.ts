import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { gatewayIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { everySite, saveAccount } from '../../alerting/src/store/account-store.ts';
import { insertRota } from '../../alerting/src/store/duty-store.ts';
import { knownMigrations } from '../../alerting/src/store/migrate.ts';
import { writeNotices } from '../../alerting/src/store/notice-store.ts';
import { openStore } from '../../alerting/src/store/open-store.ts';
import { saveReceiver } from '../../alerting/src/store/receiver-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { StoreRun } from '../../alerting/src/testing/store-run.ts';
import { doorAlarm, smokeAlarm } from '../../alerting/src/testing/test-events.ts';
import { loadSecrets } from '../../cli/src/start/secrets.ts';
import { Outbox } from '../../edge-agent/src/outbox/outbox.ts';
import { rightClock } from '../../edge-agent/src/testing/right-clock.ts';
import { claimedGateway } from './claimed-gateway.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** When everything in the folder happened. */
const atMs = Date.UTC(2026, 10, 27, 8);
const epoch = 'e'.repeat(32);
/** Of the receiver, and of the rota. */
const receiver = '00000000-0000-4000-8000-000000000001';

/**
 * Makes a data folder as this version leaves it: an account, alerts in three states, events that wait in an
 * outbox, a gateway with a certificate, a flow, a rota, and a receiver with what is to be sent to it. Prints
 * nothing secret that is used anywhere.
 */
async function make(folder: string): Promise<void> {
  loadSecrets(folder, { isDemo: true });
  cpSync(join(root, 'demo', 'server.yaml'), join(folder, 'server', 'server.yaml'));
  cpSync(join(root, 'demo', 'sites'), join(folder, 'server', 'sites'), { recursive: true });
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'flows', 'flows.json'), '[{"id":"1","type":"tab","label":"kept"}]\n');
  await store(join(folder, 'store'));
  outbox(join(folder, 'edge'));
  await claimedGateway(join(folder, 'server', 'authorities', 'demo'), { site: 'demo', gateway: 'gw1', atMs });
}

async function store(folder: string): Promise<void> {
  const run = new StoreRun();
  await run.open(async () => openStore(await embeddedStore(folder)));
  const time = new Date(atMs).toISOString();
  const kinds = [doorAlarm({ epoch, seq: 1, time }), smokeAlarm({ epoch, seq: 2, time })];
  for (const kind of kinds) await run.commit([run.incoming(kind, atMs)], run.alwaysAlerting);
  const again = doorAlarm({ epoch, seq: 3, time, device: 'door1' });
  const alerts = await run.store.db.selectFrom('alert').select(['id', 'device']).execute();
  const door = alerts.find(({ device }) => device === 'door1')?.id ?? '';
  await run.step(door, { to: 'acknowledged', reason: 'seen' }, 'anna', atMs);
  await run.step(door, { to: 'resolved', disposition: 'genuine' }, 'anna', atMs);
  await run.commit([run.incoming(again, atMs)], run.alwaysAlerting);
  await saveAccount(run.store.db, { name: 'anna', roles: { [everySite]: 'admin' }, password: 'no log-in' });
  await people(run, time);
  await run.close();
}

/** Who is on duty, who is told, and what was to be sent. */
async function people({ site, store: { db } }: StoreRun, time: string): Promise<void> {
  const { id: uuid } = await db.selectFrom('account').select('id').executeTakeFirstOrThrow();
  await insertRota(
    db,
    {
      ...{ site, id: receiver, version: 1, name: 'Gate', zones: null, timeZone: 'Asia/Shanghai' },
      ...{ coverage: 'always', holidays: false },
      layers: [
        {
          ...{ name: 'All day', days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
          ...{ from: '08:00', to: '08:00' },
          rotation: { since: '2026-11-01', unit: 'day', every: 1, people: [uuid] },
        },
      ],
    },
    time,
  );
  await saveReceiver(
    db,
    site,
    receiver,
    {
      ...{ name: 'control room', account: null, language: 'en', isFallback: false, cap: null },
      address: { kind: 'smtp', to: 'control@example.org' },
      severities: ['low', 'medium', 'high', 'critical'],
    },
    atMs,
  );
  const alerts = await db.selectFrom('alert').select(['id', 'severity', 'version']).execute();
  const causes = alerts.map(({ id, severity, version }) => ({
    ...{ subject: id, seq: version, kind: 'opened' as const, severity, at: time, dueMs: atMs },
  }));
  await writeNotices(db, site, causes, atMs);
}

function outbox(folder: string): void {
  mkdirSync(folder);
  const waiting = new Outbox({
    path: join(folder, 'outbox.sqlite'),
    site: 'demo',
    gateway: gatewayIdSchema.parse('edge1'),
    clock: rightClock(),
    maxBytes: 1 << 20,
    now: () => atMs,
  });
  for (const value of [1, 2, 3])
    waiting.append({
      type: 'watchpost.sensor.alarm.v1',
      device: 'door1',
      zone: zoneIdSchema.parse('gate'),
      capturedAtMs: atMs,
      data: { kind: 'door', value },
    });
  waiting.close();
}

/** `node tests/support/make-data-folder.ts`: writes the fixture of this version. */
const last = knownMigrations.at(-1)?.slice(0, 3) ?? '';
const target = join(root, 'tests', 'fixtures', `data-folder-${last}.tar.br`);
const folder = mkdtempSync(join(tmpdir(), 'watchpost-data-'));
try {
  await make(folder);
  const tar = execFileSync(
    'tar',
    [
      '-c',
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      `--mtime=@${atMs / 1000}`,
      '--exclude=in-use.lock',
      '-C',
      folder,
      '.',
    ],
    { maxBuffer: 512 * 1024 * 1024 },
  );
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    brotliCompressSync(tar, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }),
  );
  process.stdout.write(`${target}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
