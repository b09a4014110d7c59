import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Incidents } from '../incidents/incidents.ts';
import { lifeSafetyEvents } from '../ingest/policy.ts';
import { inhibitions } from '../inhibition/policy.ts';
import { defaultPolicy } from '../policy.ts';
import { findAlert } from '../store/alert-store.ts';
import { findIncidentWithAlerts } from '../store/incident-store.ts';
import { viewIncidents } from '../store/incident-view-store.ts';
import { BehaviourRun } from '../testing/behaviour-run.ts';
import { candidate, doorAlarm, smokeAlarm } from '../testing/test-events.ts';

let behaviour: BehaviourRun;
const folders: string[] = [];
const begin = async (isKept = false): Promise<BehaviourRun> => {
  const folder = isKept ? mkdtempSync(join(tmpdir(), 'watchpost-behaviour-')) : undefined;
  if (folder) folders.push(folder);
  behaviour = await BehaviourRun.open(folder);
  await behaviour.tell.receiver('post');
  return behaviour;
};
afterEach(async () => {
  await behaviour.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const told = () => behaviour.kinds('post');
const found = async (id: string) => findAlert(behaviour.run.store.db, behaviour.run.site, id);
const incident = async (id: string) => {
  const { store, site } = behaviour.run;
  const one = await findIncidentWithAlerts(store.db, site, id, 500);
  const [view] = one ? await viewIncidents(store.db, site, [one.incident], {}) : [];
  if (!view) throw new Error('no incident');
  return view;
};
const resolve = async (id: string) => {
  const nowMs = behaviour.tell.nowMs;
  await behaviour.run.step(id, { to: 'acknowledged' }, 'officer', nowMs);
  await behaviour.run.step(id, { to: 'resolved', disposition: 'test' }, 'officer', nowMs);
};
const gas = (device: string) => smokeAlarm({ device, data: { kind: 'gas' } });
const end = (device: string, kind: 'door' | 'smoke') => ({
  ...{ type: 'watchpost.sensor.cleared.v1' as const, device, data: { kind } },
});
const gatewayLost = () =>
  behaviour.find('watchpost.gateway.lost.v1', 'edge1', {
    ...{ since: new Date(behaviour.tell.nowMs).toISOString(), reason: 'silent', devices: 4 },
  });
const deviceLost = (device: string) =>
  behaviour.find('watchpost.device.lost.v1', device, {
    since: new Date(behaviour.tell.nowMs).toISOString(),
  });
const restored = (id: string, of: string) =>
  behaviour.find('watchpost.system.restored.v1', id, { of, durationMs: 1_000 });

test('1: a 50-event storm of one device is one alert with a count', async () => {
  await begin();
  const [id] = await behaviour.take(doorAlarm());
  for (let event = 1; event < 50; event++) {
    await behaviour.take(doorAlarm());
    await behaviour.pass(200, 200);
  }
  expect(await found(id ?? '')).toMatchObject({ eventCount: 50, state: 'open' });
  expect(await incident(id ?? '')).toMatchObject({ alerts: 1, events: 50 });
  expect(told()[0]).toBe('opened');
  expect(told().length).toBeLessThanOrEqual(3);
});

test('2: several devices, one happening, one incident', async () => {
  await begin();
  const [first] = await behaviour.take(gas('smoke1'), gas('temp2'), gas('door1'));
  await behaviour.settle();
  expect(await incident(first ?? '')).toMatchObject({ alerts: 3, zones: ['stores'], concern: 'fire' });
  expect(told()).toEqual(['opened']);
  expect(behaviour.tell.channels.tried[0]?.notice.title).toMatch(/\(3 alerts\)$/);
});

test('3: first notice at once, later members update it, further and further apart', async () => {
  await begin();
  await behaviour.take(gas('smoke1'));
  await behaviour.settle();
  expect(told()).toEqual(['opened']);
  await behaviour.take(gas('temp2'));
  await behaviour.take(gas('door1'));
  await behaviour.settle();
  expect(told()).toEqual(['opened']);
  await behaviour.pass(defaultPolicy.incidents.updateAfterMs + 1_000);
  expect(told()).toEqual(['opened', 'updated']);
  await behaviour.pass(600_000, 30_000);
  expect(told()).toEqual(['opened', 'updated']);
});

test('3: what joins before the first notice has left does not delay it', async () => {
  await begin();
  await behaviour.take(gas('smoke1'));
  await behaviour.take(gas('temp2'));
  await behaviour.settle();
  expect(told()).toEqual(['opened']);
});

test('4: a rise or a return un-acknowledges and notifies again, whatever the pause between updates', async () => {
  await begin();
  const [id = ''] = await behaviour.take(candidate('watch', { device: 'cam1' }));
  await behaviour.settle();
  await behaviour.run.step(id, { to: 'acknowledged' }, 'officer', behaviour.tell.nowMs);
  expect((await incident(id)).state).toBe('acknowledged');
  // The cause ends by itself and comes back.
  await behaviour.pass(defaultPolicy.clearsAfterMs.faceCandidate + 60_000, 60_000);
  expect((await found(id))?.condition).toBe('cleared');
  await behaviour.take(candidate('watch', { device: 'cam1' }));
  await behaviour.settle();
  expect([(await incident(id)).state, told()]).toEqual(['open', ['opened', 'updated']]);
});

test('5: acknowledgement stops all paging of the incident at once', async () => {
  await begin();
  const [first = ''] = await behaviour.take(gas('smoke1'));
  await behaviour.settle();
  const [second = ''] = await behaviour.take(gas('temp2'));
  for (const id of [first, second])
    await behaviour.run.step(id, { to: 'acknowledged' }, 'officer', behaviour.tell.nowMs);
  await behaviour.pass(600_000, 30_000);
  expect(told()).toEqual(['opened']);
});

test('8: “over” is told once, when the last alert is, to exactly those who were told “on”', async () => {
  await begin();
  const ids = await behaviour.take(gas('smoke1'), gas('temp2'));
  await behaviour.settle();
  await behaviour.tell.receiver('newcomer');
  await resolve(ids[0] ?? '');
  await behaviour.settle();
  expect(told()).toEqual(['opened']);
  await resolve(ids[1] ?? '');
  await behaviour.pass(120_000, 10_000);
  expect([told(), behaviour.kinds('newcomer')]).toEqual([['opened', 'cleared'], []]);
});

test('8: of incidents that were merged “over” is told once, to whoever was told of one of them', async () => {
  await begin();
  const [fire = ''] = await behaviour.take(gas('smoke1'));
  await behaviour.settle();
  // Hears of the second one alone.
  await behaviour.tell.receiver('later');
  const [other = ''] = await behaviour.take(gas('cam1'));
  await behaviour.settle();
  const { store } = behaviour.run;
  const { book, nowMs } = behaviour.tell;
  const { db, changes } = store;
  const desk = new Incidents({ db, changes, nowMs: () => nowMs, books: () => book });
  const person = { account: 'a', name: 'ana', sites: [] };
  const from = await incident(other);
  await desk.merge(from, { version: from.version, into: fire, reason: 'one fire' }, person);
  await behaviour.tell.receiver('newcomer');
  await resolve(fire);
  await behaviour.settle();
  expect(told()).toEqual(['opened', 'opened']);
  await resolve(other);
  await behaviour.pass(60_000, 10_000);
  expect(told()).toEqual(['opened', 'opened', 'cleared']);
  expect(behaviour.tell.told('post').at(-1)).toBe(`cleared ${fire}`);
  expect([behaviour.kinds('later'), behaviour.kinds('newcomer')]).toEqual([['opened', 'cleared'], []]);
});

test('9: flapping is damped and visible', async () => {
  await begin();
  const [id = ''] = await behaviour.take(doorAlarm());
  await behaviour.settle();
  for (let change = 0; change < 6; change++) {
    await behaviour.run.step(id, { reason: 'look' }, 'officer', behaviour.tell.nowMs);
    if ((await found(id))?.state === 'open')
      await behaviour.run.step(id, { to: 'acknowledged' }, 'officer', behaviour.tell.nowMs);
    await behaviour.pass(10_000, 5_000);
    await behaviour.take(change % 2 === 0 ? end('door1', 'door') : doorAlarm());
    await behaviour.settle();
  }
  // Two returns were told; from the fifth change on nothing is.
  expect(told()).toEqual(['opened', 'updated', 'updated']);
  expect(await incident(id)).toMatchObject({ flapping: 6, quiet: true, hidden: 1 });
  expect((await found(id))?.suppressions).toMatchObject([{ kind: 'flapping' }]);
  // Still for as long, and the cause holds: it is judged as new.
  await behaviour.pass(defaultPolicy.incidents.flapping.withinMs + 60_000, 60_000);
  expect((await found(id))?.suppressions).toBeUndefined();
  expect(told().slice(3)).toEqual(['opened']);
});

test('9: a danger to life that flaps is never kept from anybody', async () => {
  await begin();
  const [id = ''] = await behaviour.take(smokeAlarm());
  for (let change = 0; change < 6; change++) {
    await behaviour.pass(10_000, 5_000);
    await behaviour.take(change % 2 === 0 ? end('smoke1', 'smoke') : smokeAlarm());
  }
  expect(await found(id)).toMatchObject({ details: { flapping: 6 } });
  expect((await found(id))?.suppressions).toBeUndefined();
});

test('10: inhibition survives a restart', async () => {
  await begin(true);
  const [lost = ''] = await gatewayLost();
  await behaviour.settle();
  const [hidden = ''] = await deviceLost('reader1');
  await behaviour.settle();
  expect((await found(hidden))?.suppressions).toEqual([
    { kind: 'inhibition', ref: lost, until: null, by: null },
  ]);
  expect(told()).toEqual(['opened']);
  await behaviour.restart();
  const [other = ''] = await deviceLost('door1');
  await behaviour.pass(30_000, 10_000);
  expect(await incident(other)).toMatchObject({ quiet: true, hidden: 1 });
  expect(told()).toEqual([]);
  // A device of another gateway is no consequence of it.
  await deviceLost('temp2');
  await behaviour.settle();
  expect(told()).toEqual(['opened']);
});

test('12: suppressed is not lost: counted, and judged again when the cause ends', async () => {
  await begin();
  await gatewayLost();
  const [still = ''] = await deviceLost('reader1');
  const [gone = ''] = await deviceLost('door1');
  await restored('door1', 'watchpost.device.lost.v1');
  await behaviour.settle();
  expect(told()).toEqual(['opened']);
  await restored('edge1', 'watchpost.gateway.lost.v1');
  await behaviour.pass(5_000);
  expect(told()).toEqual(['opened', 'opened']);
  expect(behaviour.tell.told('post').at(-1)).toBe(`opened ${still}`);
  for (const id of [still, gone]) expect((await found(id))?.suppressions).toBeUndefined();
});

test('a danger to life is hidden behind nothing', () => {
  const hidden = inhibitions.flatMap(({ hides }) => hides);
  expect(hidden.filter((type) => Object.hasOwn(lifeSafetyEvents, type))).toEqual([]);
});
