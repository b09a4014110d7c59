import { randomUUID } from 'node:crypto';
import {
  auditPageSchema,
  dutyCalendarSchema,
  dutyFindingListSchema,
  dutyPeopleSchema,
  dutyRotaDetailSchema,
  dutyRotaListSchema,
  dutyShiftListSchema,
  onDutySchema,
  type Role,
} from '@watchpost/contracts/api';
import { zoneIdSchema } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashPassword } from '../../accounts/password.ts';
import { saveAccount } from '../../store/account-store.ts';
import { saveReceiver } from '../../store/receiver-store.ts';
import { codeOf, testPassword } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
/** Accounts by role. */
const ids = new Map<string, string>();
const monday = Date.parse('2026-06-01T02:00:00Z');
const hourMs = 3_600_000;
beforeAll(async () => {
  site = await HttpSite.open();
  site.clock.nowMs = monday;
  const { people } = dutyPeopleSchema.parse((await get('/api/v1/duty/people')).json());
  for (const { id, name } of people) ids.set(name, id);
});
afterAll(() => site.close());

const get = (url: string, role: Role = 'officer') => site.ask('GET', url, role);
const post = (url: string, body: object, role: Role = 'supervisor') => site.ask('POST', url, role, body);
const idOf = (name: string): string => ids.get(name) ?? name;

/** A week for each, 24 h a day, since long ago. */
const rota = (changed: object = {}, people: readonly string[] = ['officer', 'supervisor']) => ({
  ...{ id: randomUUID(), name: `Night watch ${randomUUID()}`, coverage: 'always', holidays: false },
  layers: [
    {
      ...{ name: 'all day', days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
      ...{ from: '08:00', to: '08:00' },
      rotation: { since: '2026-01-05', unit: 'week', every: 1, people: people.map(idOf) },
    },
  ],
  ...changed,
});
const make = async (changed: object = {}, people?: readonly string[]) => {
  const answer = await post('/api/v1/duty/rotas', rota(changed, people));
  expect(answer.json()).toMatchObject({ version: 1 });
  return dutyRotaDetailSchema.parse(answer.json());
};
const end = (id: string) => post(`/api/v1/duty/rotas/${id}/end`, { reason: 'test is over' });
const nowOf = async (id: string, query = '') =>
  onDutySchema.parse((await get(`/api/v1/duty${query}`)).json()).rotas.find((one) => one.rota === id);
const override = (id: string, changed: object = {}) => ({
  ...{ id: randomUUID(), rota: id, kind: 'override', person: idOf('admin'), reason: 'is ill' },
  ...{ from: '2026-06-01T12:00', until: '2026-06-01T20:00' },
  ...changed,
});
const cut = (time: string) => time.slice(0, 16);

it('only who has a role that takes duty may be on duty', () => {
  expect([...ids.keys()].sort()).toEqual(['admin', 'officer', 'supervisor']);
});

it('a rota says who is on duty now, until when, and who comes then; and at any other instant', async () => {
  const { id, timeZone } = await make();
  // That of the site; Monday 10:00 there, the 22nd week.
  expect(timeZone).toBe('Asia/Shanghai');
  const now = await nowOf(id);
  expect([now?.person?.name, now?.cause, now?.next?.name]).toEqual(['supervisor', 'rotation', 'officer']);
  expect(now?.until).toBe('2026-06-08T00:00:00.000Z');
  expect((await nowOf(id, '?at=2026-05-31T23:59:59.000Z'))?.person?.name).toBe('officer');
  await end(id);
  expect(await nowOf(id)).toBeUndefined();
});

it('an override in wall time counts at once, is planned, and counts no more when it is cancelled', async () => {
  const { id } = await make();
  const request = override(id, { from: '2026-06-01T09:30', until: '2026-06-01T20:00' });
  expect((await post('/api/v1/duty/exceptions', request)).statusCode).toBe(200);
  const now = await nowOf(id);
  expect([now?.person?.name, now?.cause, now?.until]).toEqual([
    ...['admin', 'override', '2026-06-01T12:00:00.000Z'],
  ]);
  const shifts = async () => {
    const url = `/api/v1/duty/shifts?rota=${id}&from=2026-06-01T00:00:00.000Z&until=2026-06-16T00:00:00.000Z`;
    const { shifts: found } = dutyShiftListSchema.parse((await get(url)).json());
    return found.map(({ from, person, cause }) => [cut(from), person.name, cause]);
  };
  // What was before the override was made stays as it was.
  expect(await shifts()).toEqual([
    ['2026-06-01T00:00', 'supervisor', 'rotation'],
    ['2026-06-01T02:00', 'admin', 'override'],
    ['2026-06-01T12:00', 'supervisor', 'rotation'],
    ['2026-06-08T00:00', 'officer', 'rotation'],
    ['2026-06-15T00:00', 'supervisor', 'rotation'],
  ]);
  const { exceptions } = dutyRotaDetailSchema.parse((await get(`/api/v1/duty/rotas/${id}`)).json());
  expect(exceptions.map(({ kind, reason, parts }) => [kind, reason, parts[0]?.person.name])).toEqual([
    ['override', 'is ill', 'admin'],
  ]);
  site.clock.nowMs = monday + hourMs;
  const cancelled = await post(`/api/v1/duty/exceptions/${request.id}/cancel`, { reason: 'well again' });
  expect(cancelled.json().state).toBe('cancelled');
  expect((await nowOf(id))?.person?.name).toBe('supervisor');
  expect((await shifts()).slice(0, 4)).toEqual([
    ['2026-06-01T00:00', 'supervisor', 'rotation'],
    ['2026-06-01T02:00', 'admin', 'override'],
    ['2026-06-01T03:00', 'supervisor', 'rotation'],
    ['2026-06-08T00:00', 'officer', 'rotation'],
  ]);
  site.clock.nowMs = monday;
  await end(id);
});

it('a hole is found, told, shown, and gone when it is filled', async () => {
  const { id } = await make();
  const hole = {
    ...{ id: randomUUID(), rota: id, kind: 'temporary', reason: 'trade fair' },
    ...{ from: '2026-06-05T08:00', until: '2026-06-06T08:00' },
    shifts: [{ from: '2026-06-05T08:00', until: '2026-06-05T20:00', person: idOf('admin') }],
  };
  expect((await post('/api/v1/duty/exceptions', hole)).statusCode).toBe(200);
  const { at, findings } = dutyFindingListSchema.parse((await get('/api/v1/duty/findings')).json());
  expect(at).toBe(new Date(monday).toISOString());
  expect(findings.filter(({ rota: of }) => of === id)).toMatchObject([
    { kind: 'gap', soon: false, from: '2026-06-05T12:00:00.000Z', until: '2026-06-06T00:00:00.000Z' },
  ]);
  expect(site.dutyFaults).toEqual(['duty.gap']);
  expect(site.duty?.health()).toMatchObject({ status: 'degraded', error: 'duty.gap' });
  site.clock.nowMs = Date.parse('2026-06-05T01:00:00Z');
  await site.duty?.plan();
  expect(site.dutyFaults).toEqual(['duty.gap_soon']);
  site.clock.nowMs = monday;
  await post(`/api/v1/duty/exceptions/${hole.id}/cancel`, { reason: 'called off' });
  expect(site.dutyFaults).toEqual([]);
  expect(site.duty?.health()).toEqual({ status: 'ok' });
  await end(id);
});

it('somebody in two rotas at once, and somebody whose account ended, are found', async () => {
  const password = await hashPassword(testPassword);
  await saveAccount(site.store.db, { name: 'guest', password, roles: { test: 'officer' } });
  const { people } = dutyPeopleSchema.parse((await get('/api/v1/duty/people')).json());
  ids.set('guest', people.find(({ name }) => name === 'guest')?.id ?? '');
  const one = await make({}, ['guest']);
  const other = await make({}, ['guest', 'guest']);
  const found = async () =>
    dutyFindingListSchema
      .parse((await get('/api/v1/duty/findings', 'auditor')).json())
      .findings.map(({ kind }) => kind);
  expect(await found()).toEqual(['double_booked']);
  expect(site.dutyFaults).toEqual(['duty.double_booked_soon']);
  await end(other.id);
  await site.store.db.deleteFrom('account').where('name', '=', 'guest').execute();
  await site.duty?.plan();
  expect([await found(), site.dutyFaults]).toEqual([['gone'], ['duty.unreachable_soon']]);
  await end(one.id);
});

it('who has no verified channel is unreachable, once people are told by channels on the site at all', async () => {
  const { id } = await make();
  const found = async () => {
    await site.duty?.plan();
    const { findings } = dutyFindingListSchema.parse((await get('/api/v1/duty/findings')).json());
    return findings.map(({ kind, person, soon }) => [kind, person?.name, soon]);
  };
  expect(await found()).toEqual([]);
  const receiver = randomUUID();
  await saveReceiver(
    site.store.db,
    'test',
    receiver,
    {
      ...{ name: 'pager', account: 'officer', language: 'en', isFallback: false, cap: null, severities: [] },
      address: { kind: 'webhook', url: 'https://example.org/', key: 'pager' },
    },
    monday,
  );
  expect(await found()).toEqual([]);
  const set = (columns: { verified_at?: string; off_at?: string }) =>
    site.store.db.updateTable('receiver').set(columns).where('id', '=', receiver).execute();
  await set({ verified_at: new Date(monday).toISOString() });
  expect(await found()).toEqual([['unreachable', 'supervisor', true]]);
  expect(site.dutyFaults).toEqual(['duty.unreachable_soon']);
  await set({ off_at: new Date(monday).toISOString() });
  expect(await found()).toEqual([
    ['unreachable', 'supervisor', true],
    ['unreachable', 'officer', false],
  ]);
  await site.store.db.deleteFrom('receiver').execute();
  await end(id);
});

it('holidays of China are known until a year that was not announced, which a table of the site makes known', async () => {
  const url = '/api/v1/duty/calendar';
  const of = async (body: object) => post(url, body);
  const { version } = dutyCalendarSchema.parse((await get(url)).json());
  expect(version).toBe(0);
  const china = dutyCalendarSchema.parse((await of({ version: 0, base: 'china', years: [] })).json());
  expect([china.knownYears.includes(2026), china.knownYears.includes(2099)]).toEqual([true, false]);
  expect(codeOf(await of({ version: 0, base: 'none', years: [] }))).toBe('duty.changed');
  const years = [{ year: 2099, holidays: ['2099-01-01'], workingDays: [] }];
  const own = dutyCalendarSchema.parse((await of({ version: 1, base: 'china', years })).json());
  expect(own.knownYears).toContain(2099);
  const wrong = [{ year: 2099, holidays: ['2098-01-01'], workingDays: [] }];
  expect((await of({ version: 2, base: 'china', years: wrong })).json().path).toBe('/years/0');
});

it('a repeat has the first answer, an id serves once, and who is late loads anew', async () => {
  const request = rota();
  const first = await post('/api/v1/duty/rotas', request);
  expect((await post('/api/v1/duty/rotas', request)).json()).toEqual(first.json());
  const other = await post('/api/v1/duty/rotas', { ...request, name: 'another' });
  expect([codeOf(other), other.json().path]).toEqual(['api.invalid', '/id']);
  const { id, version, name, zones, timeZone, coverage, holidays, layers } = first.json();
  const edit = { version, name: `${name}!`, zones, timeZone, coverage, holidays, layers };
  expect((await post(`/api/v1/duty/rotas/${id}`, edit)).json().version).toBe(version + 1);
  expect(codeOf(await post(`/api/v1/duty/rotas/${id}`, edit))).toBe('duty.changed');
  await end(id);
});

it('what cannot be is refused with its place', async () => {
  const { id } = await make();
  const refused = async (changed: object) => {
    const answer = await post('/api/v1/duty/exceptions', override(id, changed));
    return [codeOf(answer), answer.json().path];
  };
  expect(await refused({ rota: randomUUID() })).toEqual(['api.not_found', '/rota']);
  expect(await refused({ until: '2026-06-01T11:00' })).toEqual(['duty.period', '/until']);
  expect(await refused({ from: '2026-05-01T00:00', until: '2026-05-02T00:00' })).toEqual([
    ...['duty.period', '/until'],
  ]);
  expect(await refused({ until: '2029-06-01T11:00' })).toEqual(['duty.period', '/until']);
  for (const from of ['2026-13-41T11:00', '2026-02-30T11:00'])
    expect(await refused({ from })).toEqual(['api.invalid', '/from']);
  expect(await refused({ person: randomUUID() })).toEqual(['duty.person_unknown', '/person']);
  expect((await post('/api/v1/duty/exceptions', override(id))).statusCode).toBe(200);
  expect(await refused({ from: '2026-06-01T19:59', until: '2026-06-01T23:00' })).toEqual([
    ...['duty.overlap', '/from'],
  ]);
  await end(id);
  const unknown = await post('/api/v1/duty/rotas', rota({}, ['officer', randomUUID()]));
  expect([codeOf(unknown), unknown.json().path]).toEqual([
    ...['duty.person_unknown', '/layers/0/rotation/people/1'],
  ]);
  const zone = await post('/api/v1/duty/rotas', rota({ zones: ['gate', 'nowhere'] }));
  expect([codeOf(zone), zone.json().path]).toEqual(['duty.zone_unknown', '/zones/1']);
});

it('who may not is refused, and that is audited; a program never takes part', async () => {
  const { id } = await make();
  for (const role of ['viewer', 'integrator'] as const)
    expect(codeOf(await get('/api/v1/duty', role))).toBe('api.forbidden');
  for (const role of ['officer', 'auditor'] as const) {
    expect((await get('/api/v1/duty', role)).statusCode).toBe(200);
    expect(codeOf(await post('/api/v1/duty/rotas', rota(), role))).toBe('api.forbidden');
    expect(codeOf(await post('/api/v1/duty/exceptions', override(id), role))).toBe('api.forbidden');
  }
  await end(id);
  const log = auditPageSchema.parse((await get('/api/v1/audit?limit=200', 'admin')).json());
  const told = new Set(log.entries.map(({ action, outcome }) => `${action} ${outcome}`));
  for (const one of ['rota_made done', 'rota_ended done', 'rota_made refused', 'duty_exception_made refused'])
    expect(told).toContain(one);
});

it('who is limited to zones sees and makes rotas of these alone', async () => {
  const { id } = await make();
  const gate = await make({ zones: ['gate'] });
  const zones = { test: [zoneIdSchema.parse('gate')] };
  await saveAccount(site.store.db, {
    ...{ name: 'gate', password: await hashPassword(testPassword), roles: { test: 'supervisor' }, zones },
  });
  const said = { user: 'gate', password: testPassword };
  const [first] = (await site.ask('POST', '/api/v1/session', undefined, said)).cookies;
  const cookie = `${first?.name}=${first?.value}`;
  const list = await site.ask('GET', '/api/v1/duty/rotas', undefined, undefined, { cookie });
  expect(dutyRotaListSchema.parse(list.json()).rotas.map((one) => one.id)).toEqual([gate.id]);
  const hidden = await site.ask('GET', `/api/v1/duty/rotas/${id}`, undefined, undefined, { cookie });
  expect(codeOf(hidden)).toBe('api.not_found');
  const whole = await site.ask('POST', '/api/v1/duty/rotas', undefined, rota(), { cookie });
  expect([codeOf(whole), whole.json().path]).toEqual(['duty.zone_outside', '/zones']);
});
