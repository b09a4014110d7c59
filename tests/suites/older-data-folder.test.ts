import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { gatewayIdSchema, siteIdSchema } from '@watchpost/contracts/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { everySite, findAccount } from '../../alerting/src/store/account-store.ts';
import { rotasWithin } from '../../alerting/src/store/duty-store.ts';
import { openStore } from '../../alerting/src/store/open-store.ts';
import { listReceivers } from '../../alerting/src/store/receiver-store.ts';
import { classOf } from '../../cli/src/backup/data-inventory.ts';
import { loadSecrets } from '../../cli/src/start/secrets.ts';
import { Outbox } from '../../edge-agent/src/outbox/outbox.ts';
import { rightClock } from '../../edge-agent/src/testing/right-clock.ts';
import { openAuthority } from '../../identity/src/authority/authority-folder.ts';
import { ClaimRegister } from '../../identity/src/claims/claim-register.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
/** When everything in the folders happened. */
const atMs = Date.UTC(2026, 10, 27, 8);
const scratch = mkdtempSync(join(tmpdir(), 'watchpost-older-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const archives = readdirSync(fixtures).filter((name) => name.startsWith('data-folder-'));

it('there is a data folder of a version before, small enough for everybody to fetch', () => {
  expect(archives.length).toBeGreaterThan(0);
  for (const name of archives) expect(statSync(join(fixtures, name)).size).toBeLessThan(8 * 1024 * 1024);
});

// As `make-data-folder.ts` made it with the version of that migration.
describe.each(archives)('%s is taken over', (name) => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  execFileSync('tar', ['-x', '-C', folder], {
    input: brotliDecompressSync(readFileSync(join(fixtures, name))),
  });

  it('accounts, alerts and their history, who is on duty, who is told and what', async () => {
    const store = await openStore({ kind: 'embedded', folder: join(folder, 'store') });
    const { db } = store;
    expect(await findAccount(db, 'anna')).toMatchObject({ roles: { [everySite]: 'admin' } });
    const alerts = await db
      .selectFrom('alert')
      .select(['id', 'site', 'device', 'state', 'disposition'])
      .orderBy('device')
      .execute();
    expect(
      alerts.map(({ device, state, disposition }) => `${device} ${state} ${disposition}`).sort(),
    ).toEqual(['door1 open null', 'door1 resolved genuine', 'smoke1 open null']);
    const steps = await db.selectFrom('alert_change').select('actor').where('actor', '=', 'anna').execute();
    expect(steps).toHaveLength(2);
    expect(await db.selectFrom('event').select('seq').orderBy('seq').execute()).toEqual(
      [1, 2, 3].map((seq) => ({ seq })),
    );
    // From the version on that had them.
    if (name >= 'data-folder-029') {
      const site = alerts[0]?.site ?? '';
      const [receiver] = await listReceivers(db, site);
      expect(receiver).toMatchObject({
        ...{ name: 'control room', offAt: null },
        address: { kind: 'smtp', to: 'control@example.org' },
      });
      const [rota] = await rotasWithin(db, [{ site: siteIdSchema.parse(site), zones: null }]);
      const { id: account } = await db
        .selectFrom('account')
        .select('id')
        .where('name', '=', 'anna')
        .executeTakeFirstOrThrow();
      expect(rota?.layers[0]?.rotation.people).toEqual([account]);
      const notices = await db.selectFrom('notice').select(['subject', 'state', 'receiver']).execute();
      expect(notices.map(({ state, receiver: to }) => [state, to])).toEqual(
        alerts.map(() => ['waiting', receiver?.id]),
      );
      expect(notices.map(({ subject }) => subject).sort()).toEqual(alerts.map(({ id }) => id).sort());
    }
    await store.close();
  });

  it('events that wait', () => {
    const outbox = new Outbox({
      path: join(folder, 'edge', 'outbox.sqlite'),
      site: 'demo',
      gateway: gatewayIdSchema.parse('edge1'),
      clock: rightClock(),
      maxBytes: 1 << 20,
      now: () => atMs,
    });
    expect(outbox.read(0, 10).map(({ json }) => JSON.parse(json).data)).toEqual(
      [1, 2, 3].map((value) => ({ kind: 'door', value })),
    );
    outbox.close();
  });

  it('claimed gateways, secrets and flows', async () => {
    const authority = join(folder, 'server', 'authorities', 'demo');
    expect((await openAuthority(authority)).site).toBe('demo');
    const register = new ClaimRegister(join(authority, 'register.sqlite'));
    expect(register.certificates(atMs)).toMatchObject([{ gateway: 'gw1', renewed: false }]);
    register.close();
    expect(loadSecrets(folder, { isDemo: true }).demoPassword).not.toBe('');
    expect(JSON.parse(readFileSync(join(folder, 'flows', 'flows.json'), 'utf8'))).toMatchObject([
      { label: 'kept' },
    ]);
  });

  it('nothing in it is unknown to backups', () => {
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    const unknown = paths.filter((path) =>
      path.startsWith('server/')
        ? classOf('server', path.slice('server/'.length)) === undefined
        : classOf('data', path) === undefined,
    );
    expect(unknown).toEqual([]);
  });
});
