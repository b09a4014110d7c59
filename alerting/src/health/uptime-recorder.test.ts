import type { GatewayState } from '@watchpost/contracts/wire';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { siteDirectory } from '../places/site-directory.ts';
import { defaultPolicy } from '../policy.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { storeSite } from '../store/site-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { testSite } from '../testing/test-site.ts';
import { UptimeRecorder } from './uptime-recorder.ts';

let store: Store;
let wallMs = 0;
beforeAll(async () => {
  store = await openStore(await embeddedStore());
  await storeSite(store.db, testSite, defaultPolicy.keptDays);
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.db.deleteFrom('device_status').execute();
});

const device = testSite.devices.find(({ gateway }) => gateway === 'edge1')!.id;
const at = (clock: string) => Date.parse(`2026-11-01T${clock}:00.000Z`);
function recorder() {
  return new UptimeRecorder({
    ...{ db: store.db, directory: siteDirectory(testSite), policy: defaultPolicy.uptime },
    ...{ nowMs: () => wallMs, logger: pino({ level: 'silent' }) },
  });
}
/** The gateway says so of the device, when the server’s clock shows that. */
async function say(uptime: UptimeRecorder, clock: string, status: 'ok' | 'lost'): Promise<void> {
  wallMs = at(clock);
  uptime.takeState(
    'edge1',
    { status: 'online', devices: [{ device, status }] } as unknown as GatewayState,
    true,
  );
  await uptime.flush();
}
/** What is written down of the device: `09:00 up` … */
async function written(): Promise<string[]> {
  const rows = await store.db
    .selectFrom('device_status')
    .select(['at', 'status'])
    .where('device', '=', device)
    .orderBy('at')
    .execute();
  return rows.map((row) => `${new Date(row.at).toISOString().slice(11, 16)} ${row.status}`);
}

test('an hour that the clock shows twice holds what was said of it the second time', async () => {
  const uptime = recorder();
  await say(uptime, '08:00', 'ok');
  await say(uptime, '09:40', 'lost');
  await say(uptime, '10:20', 'ok');
  // Set back by an hour.
  await say(uptime, '09:30', 'ok');
  expect(await written()).toEqual(['08:00 up', '09:30 up']);
  await say(uptime, '09:50', 'lost');
  await say(uptime, '10:10', 'ok');
  expect(await written()).toEqual(['08:00 up', '09:30 up', '09:50 down', '10:10 up']);
});

test('what nobody says anew holds from where the clock was set to, also with nothing but time going by', async () => {
  const uptime = recorder();
  await say(uptime, '08:00', 'ok');
  await say(uptime, '10:00', 'lost');
  wallMs = at('09:00');
  await uptime.flush();
  expect(await written()).toEqual(['08:00 up', '09:00 down']);
});

test('a silence that began before the clock was set back is no word of the future', async () => {
  const uptime = recorder();
  await say(uptime, '10:00', 'ok');
  wallMs = at('09:00');
  uptime.gatewayLost('edge1', at('10:05'));
  await uptime.flush();
  expect((await written()).at(-1)).toBe('09:00 down');
});

test('a clock that was set back between two runs leaves nothing of the future', async () => {
  await say(recorder(), '08:00', 'ok');
  await say(recorder(), '10:00', 'lost');
  const uptime = recorder();
  wallMs = at('09:00');
  await uptime.start();
  await uptime.stop();
  expect(await written()).toEqual(['08:00 up', '09:00 unknown']);
});

test('changes within a moment stay in their order, and are no clock that was set back', async () => {
  const uptime = recorder();
  for (const status of ['ok', 'lost', 'ok', 'lost'] as const) await say(uptime, '08:00', status);
  expect(await written()).toEqual(['08:00 up', '08:00 down', '08:00 up', '08:00 down']);
});
