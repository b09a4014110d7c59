import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { gatewayIdSchema, parseClaimCode, zoneIdSchema } from '@watchpost/contracts/wire';
import { knownMigrations } from '../../alerting/src/store/migrate.ts';
import { openStore } from '../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { StoreRun } from '../../alerting/src/testing/store-run.ts';
import { doorAlarm, smokeAlarm } from '../../alerting/src/testing/test-events.ts';
import { loadSecrets } from '../../cli/src/start/secrets.ts';
import { Outbox } from '../../edge-agent/src/outbox/outbox.ts';
import { rightClock } from '../../edge-agent/src/testing/right-clock.ts';
import { createAuthority } from '../../identity/src/authority/authority-folder.ts';
import { ClaimHandler } from '../../identity/src/claims/claim-handler.ts';
import { ClaimRegister } from '../../identity/src/claims/claim-register.ts';
import { inviteGateway } from '../../identity/src/claims/invite.ts';
import { Revocations } from '../../identity/src/revocations/revocations.ts';
import { newRequest } from '../../identity/src/testing/test-site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** When everything in the folder happened. */
const atMs = Date.UTC(2026, 10, 27, 8);
const epoch = 'e'.repeat(32);

/**
 * Makes a data folder as this version leaves it: an account, alerts in three states, events that wait in an
 * outbox, a gateway with a certificate, an invitation and a flow. Prints nothing secret that is used
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
  await authority(join(folder, 'server', 'authorities', 'demo'));
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
  await run.store.db
    .insertInto('account')
    .values({ name: 'anna', role: 'admin', password: 'no log-in' })
    .execute();
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

async function authority(folder: string): Promise<void> {
  const made = await createAuthority(folder, 'demo', atMs);
  const code = parseClaimCode(await inviteGateway(folder, 'gw1', 3_600_000, atMs));
  if (!code) throw new Error('no claim code');
  const register = new ClaimRegister(join(folder, 'register.sqlite'));
  const revocations = () => new Revocations([]);
  const handler = new ClaimHandler({
    authority: made,
    register,
    revocations,
    nowMs: () => atMs,
    lifeMs: 90 * 86_400_000,
  });
  await handler.claim(code.id, code.secret, (await newRequest('gw1')).request);
  register.close();
  await inviteGateway(folder, 'gw2', 3_600_000, atMs);
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
