import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listPageSchema } from '@watchpost/contracts/api';
import { afterAll, expect, it } from 'vitest';
import { openAuthority } from '../../identity/src/authority/authority-folder.ts';
import { ClaimRegister } from '../../identity/src/claims/claim-register.ts';
import { ApiClient } from '../support/api-client.ts';
import { claimedGateway } from '../support/claimed-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { startWatchpost, type WatchpostProcess } from '../support/watchpost-process.ts';

// A backup of a running server, and an empty computer.
const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'watchpost-restored-'));
const [before, after] = [join(folder, 'before'), join(folder, 'after')];
const archive = join(folder, 'archive');
let running: WatchpostProcess | undefined;

afterAll(async () => {
  await running?.interrupt();
  rmSync(folder, { recursive: true, force: true });
});

function run(data: string, args: readonly string[], input = ''): Record<string, unknown> {
  const env = { ...process.env, WATCHPOST_DATA: data };
  return JSON.parse(
    execFileSync(process.execPath, [bin, ...args, '--json'], { env, input, encoding: 'utf8' }),
  );
}

it('has the same alerts and the same claimed gateways, and knows the same people', async () => {
  running = await startWatchpost({ WATCHPOST_DATA: before });
  const authority = join(before, 'server', 'authorities', 'demo');
  const serial = await claimedGateway(authority, { site: 'demo', gateway: 'gw1', atMs: Date.now() });
  let api = await ApiClient.logIn(running.ready);
  await waitFor('alerts', async () => (await api.alerts()).alerts.length > 1);
  const [first, second] = (await api.alerts()).alerts;
  const { id = '', version } = first ?? {};
  const step = await api.post(`/alerts/${id}/transitions`, { id: randomUUID(), version, to: 'acknowledged' });
  expect(step.status).toBe(200);

  const lists = async () => listPageSchema.parse(await (await api.get('/lists?site=demo')).json()).entries;
  const states = async () => (await lists()).map(({ state }) => state);
  await waitFor('people on lists', async () => (await states()).join() === 'active,active');
  const backup = run(before, ['backup', join(before, 'server'), '--to', archive]);
  expect(backup).toMatchObject({ archive, undeclared: [] });
  await running.interrupt();
  const restored = run(after, ['restore', archive, join(after, 'server')], `${backup.recoveryKey}\n`);
  expect(restored).toMatchObject({ folder: join(after, 'server'), rows: backup.rows, files: backup.files });

  running = await startWatchpost({ WATCHPOST_DATA: after });
  api = await ApiClient.logIn(running.ready);
  expect(await states(), 'who was withdrawn since the backup is not to match again').toEqual([
    'draft',
    'draft',
  ]);
  const detailOf = async (alert: string) => (await api.get(`/alerts/${alert}`)).json();
  expect(await detailOf(id)).toMatchObject({
    alert: { id, openedAt: first?.openedAt },
    transitions: expect.arrayContaining([expect.objectContaining({ to: 'acknowledged', actor: 'demo' })]),
  });
  expect(await detailOf(second?.id ?? '')).toMatchObject({ alert: { openedAt: second?.openedAt } });
  const register = new ClaimRegister(join(after, 'server', 'authorities', 'demo', 'register.sqlite'));
  expect(register.certificates(Date.now())).toContainEqual(
    expect.objectContaining({ gateway: 'gw1', serial }),
  );
  register.close();
  expect((await openAuthority(join(after, 'server', 'authorities', 'demo'))).fingerprint).toBe(
    (await openAuthority(authority)).fingerprint,
  );
});
