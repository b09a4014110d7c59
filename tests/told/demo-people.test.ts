import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listEntrySchema, listPageSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clipSeconds } from '../../demo/src/timeline.ts';
import { ApiClient } from '../support/api-client.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  killProcessesOf,
  processesOf,
  startWatchpost,
  type WatchpostProcess,
} from '../support/watchpost-process.ts';
import { tapWire, type WireTap } from '../support/wire-tap.ts';

// The demo as it is started: its people come in through its API, and its own gateway gets them at the gateway
// door.
const data = mkdtempSync(join(tmpdir(), 'watchpost-people-'));
let site: WatchpostProcess;
let api: ApiClient;
let tap: WireTap;
let watched: string;
let allowed: string;

beforeAll(async () => {
  site = await startWatchpost({ WATCHPOST_DATA: data });
  api = await ApiClient.logIn(site.ready);
  tap = await tapWire(site.ready.mqtt);
});
afterAll(async () => {
  await tap?.close();
  site?.kill();
  killProcessesOf(data);
  rmSync(data, { recursive: true, force: true });
});

const entries = async () => listPageSchema.parse(await (await api.get('/lists?site=demo')).json()).entries;
const texts = () => tap.messages.map(({ payload }) => payload.toString('utf8'));
/** Times at which candidates of an entry were captured, milliseconds since the epoch. */
const seen = (entry: string): number[] =>
  texts().flatMap((text) =>
    text.includes(`"entry":"${entry}"`)
      ? [...text.matchAll(/"time":"([^"]+)"/g)].map(([, at = '']) => Date.parse(at))
      : [],
  );
const withdrawn = (): readonly string[] => {
  const { document } = JSON.parse(readFileSync(join(data, 'edge/permit.json'), 'utf8'));
  return JSON.parse(document).gallery.withdrawn;
};
async function withdraw(id: string): Promise<void> {
  const { version } = listEntrySchema.parse(await (await api.get(`/lists/${id}`)).json());
  const answer = await api.post(`/lists/${id}/withdraw`, { version, reason: 'test of withdrawal' });
  expect(answer.status).toBe(200);
}
/** One round of the clip, in which everybody walks past. */
const round = () => new Promise((resolve) => setTimeout(resolve, (clipSeconds + 4) * 1000));

test('two people of the demo are put on lists, by two accounts, and recognised', async () => {
  const active = await waitFor('everybody on a list', async () => {
    const found = (await entries()).filter(({ state }) => state === 'active');
    return found.length === 2 ? found : undefined;
  });
  watched = active.find(({ list }) => list === 'watch')?.id ?? '';
  allowed = active.find(({ list }) => list === 'access')?.id ?? '';
  for (const id of [watched, allowed]) {
    const entry = listEntrySchema.parse(await (await api.get(`/lists/${id}`)).json());
    expect(entry.approvals.map(({ name }) => name)).toEqual(['demo', 'supervisor']);
    await waitFor(`${entry.list} seen`, () => seen(id).length > 0);
  }
});

test('its gateway is told permits, and no site part: its devices stand in its configuration', () => {
  const topics = tap.messages.filter(({ payload }) => payload.length > 0).map(({ topic }) => topic);
  expect(topics).toContain('wp/1/demo/gw-1/permit');
  expect(topics).not.toContain('wp/1/demo/gw-1/site');
});

test('who is withdrawn is recognised no more, and everybody else is', async () => {
  await withdraw(watched);
  await waitFor('the permit of the gateway', () => withdrawn().includes(watched));
  const from = Date.now() + 1000;
  await round();
  await waitFor('the other one', () => seen(allowed).some((at) => at > from));
  expect(seen(watched).filter((at) => at > from)).toEqual([]);
});

test('with the door away too: the permit ends, and nobody is matched', async () => {
  const door = processesOf(data).find(({ command }) => command.includes('gateway-door-process'));
  if (!door) throw new Error('no door');
  process.kill(door.pid, 'SIGSTOP');
  try {
    await withdraw(allowed);
    await waitFor(
      'no face is matched',
      () => texts().some((text) => text.includes('edge.policy_expired')),
      80_000,
    );
    const from = Date.now();
    await round();
    expect(seen(allowed).filter((at) => at > from)).toEqual([]);
  } finally {
    process.kill(door.pid, 'SIGCONT');
  }
  await waitFor('the permit of the gateway', () => withdrawn().includes(allowed));
});

test('a second start puts nobody on a list again', async () => {
  const before = (await entries()).map(({ id, state }) => [id, state]);
  await tap.close();
  await site.interrupt();
  site = await startWatchpost({ WATCHPOST_DATA: data });
  api = await ApiClient.logIn(site.ready);
  expect((await entries()).map(({ id, state }) => [id, state])).toEqual(before);
});
