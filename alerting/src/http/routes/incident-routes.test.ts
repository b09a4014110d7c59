import { randomUUID } from 'node:crypto';
import { incidentDetailSchema, incidentPageSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { candidate, doorAlarm, wireEvent } from '../../testing/test-events.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const epoch = () => randomUUID().replaceAll('-', '');
const broken = () => wireEvent(doorAlarm({ epoch: epoch(), data: { kind: 'glass_break' } }));
const covered = () =>
  wireEvent({
    type: 'watchpost.tamper.cover.v1',
    data: {},
    device: 'door1',
    epoch: epoch(),
  } as never);
const list = async (query = '', role: 'officer' | 'viewer' = 'officer') =>
  incidentPageSchema.parse((await site.ask('GET', `/api/v1/incidents?${query}`, role)).json());
const get = async (id: string) =>
  incidentDetailSchema.parse((await site.ask('GET', `/api/v1/incidents/${id}`, 'viewer')).json());
const post = (id: string, what: string, body: object, role: 'officer' | 'viewer' = 'officer') =>
  site.ask('POST', `/api/v1/incidents/${id}/${what}`, role, body);
const breakIns = async () => (await list('concern=intrusion&zone=stores')).incidents;

test('the list has every incident that goes on once, page by page, the gravest first', async () => {
  const all = (await list()).incidents;
  expect(all.length).toBeGreaterThanOrEqual(4);
  expect(all.every(({ lead, events }) => lead !== null && events >= 1)).toBe(true);
  const ranks = all.map(({ severity }) => ['critical', 'high', 'medium', 'low'].indexOf(severity));
  expect(ranks).toEqual(ranks.toSorted());
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await list(`limit=1${cursor ? `&cursor=${cursor}` : ''}`);
    paged.push(...page.incidents.map(({ id }) => id));
    cursor = page.next;
  }
  expect(paged).toEqual(all.map(({ id }) => id));
  expect((await list('zone=stores')).incidents.every(({ zones }) => zones.includes('stores' as never))).toBe(
    true,
  );
  expect((await list('state=over')).incidents).toEqual([]);
});

test('acknowledged as a whole, with its alerts; an alert of the same severity makes no step stale, a return does', async () => {
  await site.take([broken()]);
  const [found] = await breakIns();
  if (!found) throw new Error('no break-in');
  const before = await get(found.id);
  expect(before.alerts.length).toBe(found.alerts);
  const answer = await post(found.id, 'steps', {
    version: found.version,
    to: 'acknowledged',
    reason: 'on it',
  });
  const after = incidentDetailSchema.parse(answer.json());
  expect(after.incident).toMatchObject({ state: 'acknowledged', takenBy: ['officer'] });
  expect(answer.headers.etag).toMatch(new RegExp(`^"v${after.incident.version}-`));
  expect(after.alerts.map(({ state }) => state)).toEqual(before.alerts.map(() => 'acknowledged'));
  // A repeat changes nothing.
  const again = await post(found.id, 'steps', { version: found.version, to: 'acknowledged' });
  expect(again.json().incident).toEqual(after.incident);
  await site.take([covered()]);
  const returned = await get(found.id);
  expect(returned.incident).toMatchObject({ state: 'open', alerts: found.alerts + 1 });
  const stale = await post(found.id, 'steps', { version: after.incident.version, to: 'acknowledged' });
  expect([stale.statusCode, codeOf(stale)]).toEqual([409, 'incident.stale']);
  const needs = await post(found.id, 'steps', { version: returned.incident.version, to: 'resolved' });
  expect(codeOf(needs)).toBe('alert.disposition_required');
  expect((await get(found.id)).incident).toEqual(returned.incident);
  const timeline = returned.timeline.flatMap((one) => (one.kind === 'step' ? [one.step.to] : []));
  expect(timeline.filter((to) => to === 'acknowledged')).toHaveLength(found.alerts);
});

test('split and merged by hand: the alerts keep their life, both incidents and the audit log say so', async () => {
  const [found] = await breakIns();
  if (!found) throw new Error('no break-in');
  const { alerts } = await get(found.id);
  const moved = alerts.slice(0, 1).map(({ id }) => id);
  const own = randomUUID();
  const request = { id: own, version: found.version, alerts: moved, reason: 'another room' };
  const split = await post(found.id, 'split', request);
  expect(split.statusCode).toBe(200);
  const apart = await get(own);
  expect(apart.alerts).toEqual(alerts.slice(0, 1));
  expect((await get(found.id)).incident.alerts).toBe(found.alerts - 1);
  // A repeat changes nothing.
  expect((await post(found.id, 'split', request)).json().incident).toEqual(split.json().incident);
  const foreign = await post(own, 'split', { ...request, id: randomUUID(), version: 1 });
  expect(codeOf(foreign)).toBe('incident.not_its_alerts');

  site.clock.nowMs += 1_000;
  const merge = { version: apart.incident.version, into: found.id, reason: 'one after all' };
  const merged = await post(own, 'merge', merge);
  expect(merged.json().incident).toMatchObject({ mergedInto: found.id, state: 'over', alerts: 0 });
  expect((await post(own, 'merge', merge)).json().incident).toEqual(merged.json().incident);
  const whole = await get(found.id);
  expect(whole.incident.alerts).toBe(found.alerts);
  expect(whole.timeline.flatMap((one) => (one.kind === 'note' ? [one.what] : []))).toEqual([
    'split',
    'merged',
  ]);
  expect(codeOf(await post(own, 'steps', { version: 2, to: 'acknowledged' }))).toBe('incident.merged');
  const audited = await site.store.db
    .selectFrom('audit')
    .select('action')
    .where('outcome', '=', 'done')
    .orderBy('position')
    .execute();
  expect(
    audited.map(({ action }) => action as string).filter((action) => action.startsWith('incident_')),
  ).toEqual(['incident_split', 'incident_merged']);
});

test('a comment changes no state; who only reads changes nothing; what does not exist is not found', async () => {
  const [first] = (await list()).incidents;
  const id = first?.id ?? '';
  const comment = { id: randomUUID(), text: 'The gate is open.' };
  for (let round = 0; round < 2; round++) await post(id, 'comments', comment);
  const detail = await get(id);
  expect(detail.timeline.filter((one) => one.kind === 'note' && one.text === comment.text)).toHaveLength(1);
  expect(detail.incident.version).toBe(first?.version);
  expect((await post(id, 'comments', comment, 'viewer')).statusCode).toBe(403);
  expect((await post(id, 'comments', { id: randomUUID(), text: ' ' })).statusCode).toBe(400);
  expect((await site.ask('GET', `/api/v1/incidents/${randomUUID()}`, 'officer')).statusCode).toBe(404);
  expect((await site.ask('GET', '/api/v1/incidents?cursor=x', 'officer')).json().path).toBe('/cursor');
});

test('all of it resolved is over, and listed there', async () => {
  await site.take([wireEvent(candidate('watch', { epoch: epoch(), device: 'cam1' }))]);
  const [one] = (await list('concern=candidate')).incidents;
  const id = one?.id ?? '';
  await post(id, 'steps', { version: one?.version, to: 'resolved', disposition: 'false' });
  expect((await get(id)).incident).toMatchObject({ state: 'over', active: false });
  expect((await list('state=over')).incidents.map((over) => over.id)).toContain(id);
});
