import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { gatewayIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { everySite, saveAccount } from '../../alerting/src/store/account-store.ts';
import { knownMigrations } from '../../alerting/src/store/migrate.ts';
import { openStore } from '../../alerting/src/store/open-store.ts';
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

/**
 * Makes a data folder as this version leaves it: an account, alerts in three states, events that wait in an
 * outbox, a gateway with a certificate and a flow. Prints nothing secret that is used
 * anywhere.
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
  await run.close();
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
