import { randomUUID } from 'node:crypto';
import { alertPageSchema, type Role, seenAnswerSchema, unseenSchema } from '@watchpost/contracts/api';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { LiveMessage } from '../../live/live-feed.ts';
import { forgetSeen } from '../../store/seen-store.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { doorAlarm, wireEvent } from '../../testing/test-events.ts';
import { testSite } from '../../testing/test-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());
afterEach(() => site.store.db.deleteFrom('alert_seen').execute());

const path = '/api/v1/alerts/seen';
const page = async (role: Role) =>
  alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', role)).json());
const unseen = async (role: Role) => unseenSchema.parse((await site.ask('GET', path, role)).json()).unseen;
const mark = async (role: Role, body: object) =>
  seenAnswerSchema.parse((await site.ask('POST', path, role, body)).json());
const undo = async (role: Role, id: string) =>
  seenAnswerSchema.parse((await site.ask('POST', `${path}/undo`, role, { id })).json());

it('24: “seen” is kept for each person, with undo, and changes nothing of the alert', async () => {
  const { alerts, seen } = await page('officer');
  expect([alerts.length, seen, await unseen('officer')]).toEqual([4, {}, 4]);
  const [first] = alerts;
  if (!first) throw new Error('no alert');
  const id = randomUUID();
  const marked = { id, alerts: [{ id: first.id, version: first.version }] };
  expect(await mark('officer', marked)).toEqual({ changed: 1, unseen: 3 });
  // A repeat changes nothing; a colleague has seen nothing.
  expect(await mark('officer', marked)).toEqual({ changed: 0, unseen: 3 });
  expect([await unseen('supervisor'), (await page('supervisor')).seen]).toEqual([4, {}]);
  // It is with the person, on whatever device; the alert is as it was, for everybody.
  expect(await page('officer')).toMatchObject({ seen: { [first.id]: first.version }, alerts });
  expect(await undo('supervisor', id)).toEqual({ changed: 0, unseen: 4 });
  expect(await undo('officer', id)).toEqual({ changed: 1, unseen: 4 });
  expect((await page('officer')).seen).toEqual({});
});

it('all at once, taken back at once, without what was seen before', async () => {
  const { alerts } = await page('officer');
  const [first] = alerts;
  if (!first) throw new Error('no alert');
  await mark('officer', { id: randomUUID(), alerts: [{ id: first.id, version: first.version }] });
  const id = randomUUID();
  expect(await mark('officer', { id })).toEqual({ changed: 3, unseen: 0 });
  expect(await undo('officer', id)).toEqual({ changed: 3, unseen: 3 });
  const rest = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts?unseen=yes', 'officer')).json());
  expect([rest.total, rest.alerts.map((one) => one.id)]).toEqual([3, alerts.slice(1).map((one) => one.id)]);
});

it('tells the sessions of that person and of nobody else', async () => {
  const told: LiveMessage[] = [];
  const leave = site.feed.observe((message) => void told.push(message));
  const [first] = (await page('viewer')).alerts;
  const id = randomUUID();
  await mark('viewer', { id, alerts: [{ id: first?.id, version: first?.version }] });
  await undo('viewer', id);
  leave();
  const { account } = (await site.ask('GET', '/api/v1/session', 'viewer')).json() as { account: string };
  const { id: alert = '', version } = first ?? {};
  expect(told).toEqual([
    {
      ...{ name: 'seen', site: testSite.id, account },
      payload: { site: testSite.id, versions: { [alert]: version }, forgotten: [] },
    },
    {
      ...{ name: 'seen', site: testSite.id, account },
      payload: { site: testSite.id, versions: {}, forgotten: [alert] },
    },
  ]);
  const read = async (role: Role) => {
    const stop = new AbortController();
    const answer = await fetch(`${site.base}/api/v1/stream`, {
      headers: { cookie: site.cookie(role).replace('wp_session=', `wp_session_${new URL(site.base).port}=`) },
      signal: stop.signal,
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await mark('viewer', { id: randomUUID() });
    // Until the second heartbeat from here on.
    let text = '';
    while ((text.match(/event: heartbeat/g) ?? []).length < 2) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error(`the stream ended after ${text}`);
      text += value;
    }
    await site.store.db.deleteFrom('alert_seen').execute();
    stop.abort();
    return text.includes('event: seen');
  };
  expect(await read('viewer')).toBe(true);
  expect(await read('officer')).toBe(false);
});

it('what rises or opens again is new again; who took it has seen it; closed, nobody’s mark is kept', async () => {
  const door = (await page('officer')).alerts.find(({ details }) => details.kind === 'door');
  if (!door) throw new Error('no such alert');
  const step = async (to: string, version: number) =>
    site.ask('POST', `/api/v1/alerts/${door.id}/transitions`, 'supervisor', {
      ...{ id: randomUUID(), version, to },
      ...(to === 'resolved' ? { disposition: 'test' } : {}),
    });
  await mark('officer', { id: randomUUID() });
  // A further event alone makes nothing new.
  await site.take([wireEvent(doorAlarm({ epoch: 'd'.repeat(32), seq: 1 }))]);
  expect(await unseen('officer')).toBe(0);
  await step('acknowledged', door.version);
  expect([await unseen('officer'), await unseen('supervisor')]).toEqual([0, 3]);
  const now = async () => (await page('officer')).alerts.find(({ id }) => id === door.id)?.version ?? 0;
  await step('resolved', await now());
  await step('open', await now());
  expect(await unseen('officer')).toBe(1);
  await step('acknowledged', await now());
  await step('resolved', await now());
  await step('closed', await now());
  await mark('officer', { id: randomUUID() });
  await forgetSeen(site.store.db, testSite.id);
  const kept = await site.store.db.selectFrom('alert_seen').select('alert').execute();
  expect(kept.map(({ alert }) => alert)).not.toContain(door.id);
  expect(kept.length).toBeGreaterThan(0);
});

it('has limits, and is nothing for programs', async () => {
  const [first] = (await page('officer')).alerts;
  const many = Array.from({ length: 501 }, () => ({ id: randomUUID(), version: 1 }));
  const refused = async (body: object) => codeOf(await site.ask('POST', path, 'officer', body));
  expect(await refused({ id: randomUUID(), alerts: many })).toBe('api.invalid');
  expect(await refused({ id: randomUUID(), alerts: [] })).toBe('api.invalid');
  // Nobody sees ahead, and what does not exist is left out.
  const ahead = { id: randomUUID(), alerts: [{ id: first?.id, version: 9_000 }, ...many.slice(0, 3)] };
  expect((await mark('officer', ahead)).changed).toBe(1);
  expect((await page('officer')).seen).toEqual({ [first?.id ?? '']: first?.version });
});
