import { randomUUID } from 'node:crypto';
import {
  alertPageSchema,
  auditPageSchema,
  departmentListSchema,
  departmentSchema,
  departmentViewSchema,
  nearestUnitsSchema,
  offerPageSchema,
  ownPositionSchema,
  responseOfferSchema,
  responseTaskSchema,
  subjectOffersSchema,
  taskPageSchema,
  timelineSchema,
  unitMapSchema,
} from '@watchpost/contracts/api';
import type { ZoneId } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../accounts/password.ts';
import { defaultPolicy } from '../../policy.ts';
import { saveAccount } from '../../store/account-store.ts';
import { insertDepartment, insertUnit } from '../../store/department-store.ts';
import { takeDue } from '../../store/due-store.ts';
import { lapseNotices } from '../../store/notice-store.ts';
import { saveReceiver } from '../../store/receiver-store.ts';
import { insertOffer, insertTask } from '../../store/response-store.ts';
import { applyRetention } from '../../store/retention.ts';
import { codeOf, testPassword } from '../../testing/http-client.ts';
import { HttpSite, type Method } from '../../testing/http-site.ts';

const minuteMs = 60_000;
let site: HttpSite;
const startMs = Date.now();
/** Accounts of the test, with the cookie of each. */
const people = new Map<string, { readonly id: string; readonly cookie: string }>();
let alert: string;
let storesAlert: string;
const fire = randomUUID();
const police = randomUUID();
const engine = randomUUID();
const ladderTruck = randomUUID();
const patrol = randomUUID();
const receivers = { fire: randomUUID(), police: randomUUID() };

const id = (name: string) => people.get(name)?.id ?? '';
const as = (name: string, method: Method, url: string, payload?: object) =>
  site.ask(method, `/api/v1/response${url}`, undefined, payload, { cookie: people.get(name)?.cookie ?? '' });

async function enter(name: string, role: 'officer' | 'supervisor', zones?: readonly ZoneId[]) {
  await saveAccount(site.store.db, {
    ...{ name, roles: { test: role }, password: await hashPassword(testPassword) },
    ...(zones ? { zones: { test: zones } } : {}),
  });
  const log = { user: name, password: testPassword };
  const answer = await site.ask('POST', '/api/v1/session', undefined, log);
  const [first] = answer.cookies;
  people.set(name, { id: answer.json().account, cookie: `${first?.name}=${first?.value}` });
}

beforeAll(async () => {
  site = await HttpSite.open();
  await enter('chief', 'supervisor');
  for (const name of ['ada', 'fritz', 'frida', 'paul', 'pia']) await enter(name, 'officer');
  await enter('gina', 'officer', ['gate' as ZoneId]);
  const { alerts } = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
  alert = alerts.find(({ zone }) => zone === 'gate')?.id ?? '';
  storesAlert = alerts.find(({ zone }) => zone === 'stores')?.id ?? '';
  for (const [name, receiver] of Object.entries(receivers))
    await saveReceiver(
      site.store.db,
      'test',
      receiver,
      {
        ...{
          name: `${name} desk`,
          account: null,
          language: 'en',
          isFallback: false,
          cap: null,
          severities: [],
        },
        address: { kind: 'mqtt', topic: name } as never,
      },
      startMs,
    );
  const make = (changed: object) =>
    as('chief', 'POST', '/departments', {
      ...{ zones: null, concerns: null, receiver: null, dispatchers: [] },
      ...changed,
    });
  const made = await make({
    ...{ id: fire, kind: 'fire', name: 'Fire brigade', receiver: receivers.fire, concerns: ['fire'] },
    dispatchers: [id('fritz')],
  });
  expect(made.json()).toMatchObject({ id: fire, version: 1, part: null });
  const post = { id: police, kind: 'police_post', name: 'Police post', receiver: receivers.police };
  expect((await make({ ...post, dispatchers: [id('paul')] })).statusCode).toBe(200);
  const unit = (department: string, changed: object) =>
    as('chief', 'POST', `/departments/${department}/units`, { duty: 'always', members: [], ...changed });
  expect((await unit(fire, { id: engine, name: 'Engine 1', members: [id('frida')] })).statusCode).toBe(200);
  await unit(fire, { id: ladderTruck, name: 'Ladder', duty: 'rotas', members: [id('fritz')] });
  await unit(police, { id: patrol, name: 'Patrol 7', members: [id('pia')] });
});
afterAll(() => site.close());

const notices = async () => {
  const rows = await site.store.db
    .selectFrom('notice')
    .innerJoin('receiver', 'receiver.id', 'notice.receiver')
    .select(['receiver.name', 'notice.state', 'notice.kind'])
    .orderBy('receiver.name')
    .orderBy('notice.round')
    .execute();
  return rows.map(({ name, kind, state }) => `${name}: ${kind} ${state}`);
};
const offer = (name: string, changed: object = {}) =>
  as(name, 'POST', '/offers', { id: randomUUID(), subject: alert, department: fire, ...changed });
const step = (name: string, task: { readonly id: string; readonly version: number }, to: string, more = {}) =>
  as(name, 'POST', `/tasks/${task.id}/steps`, { id: randomUUID(), version: task.version, to, ...more });

describe('departments and units', () => {
  it('everybody who works with them sees that they are there, and who is in them only who is of them', async () => {
    const seen = async (name: string) =>
      departmentListSchema
        .parse((await as(name, 'GET', '/departments')).json())
        .departments.map(({ name: called, part, units }) => [called, part, units?.map((unit) => unit.state)]);
    expect(await seen('frida')).toEqual([
      ['Fire brigade', 'field', ['available', 'off_duty']],
      ['Police post', null, undefined],
    ]);
    expect(await seen('paul')).toEqual([
      ['Fire brigade', null, undefined],
      ['Police post', 'dispatch', ['available']],
    ]);
    expect(await seen('ada')).toEqual([
      ['Fire brigade', null, undefined],
      ['Police post', null, undefined],
    ]);
    // Who keeps them sees who is in them, and not what they do.
    expect(await seen('chief')).toEqual([
      ['Fire brigade', null, [null, null]],
      ['Police post', null, [null]],
    ]);
  });

  it('what is wrong has a code and its place', async () => {
    const plan = { zones: null, concerns: null, receiver: null, dispatchers: [], kind: 'school' };
    const refused = async (changed: object) => {
      const body = { id: randomUUID(), name: randomUUID(), ...plan, ...changed };
      const answer = await as('chief', 'POST', '/departments', body);
      return [codeOf(answer), answer.json().path];
    };
    expect(await refused({ name: 'Fire brigade' })).toEqual(['response.name_taken', '/name']);
    expect(await refused({ zones: ['gate', 'moon'] })).toEqual(['response.zone_unknown', '/zones/1']);
    expect(await refused({ receiver: randomUUID() })).toEqual(['response.receiver_unknown', '/receiver']);
    expect(await refused({ dispatchers: [randomUUID()] })).toEqual([
      ...['response.person_unknown', '/dispatchers/0'],
    ]);
    expect(await refused({ kind: 'army' })).toEqual(['api.invalid', '/kind']);
    const edit = { ...plan, version: 7, name: 'Fire', kind: 'fire' };
    expect(codeOf(await as('chief', 'POST', `/departments/${fire}`, edit))).toBe('response.stale');
    expect(codeOf(await as('ada', 'POST', '/departments', { id: randomUUID(), name: 'x', ...plan }))).toBe(
      'api.forbidden',
    );
  });

  it('a department sees the alerts of its concerns and zones', async () => {
    const seen = async (name: string, department: string) =>
      departmentViewSchema
        .parse((await as(name, 'GET', `/departments/${department}/view`)).json())
        .subjects.map(({ concern }) => concern);
    expect(new Set(await seen('frida', fire))).toEqual(new Set(['fire']));
    expect(new Set(await seen('paul', police)).size).toBeGreaterThan(1);
    expect(codeOf(await as('paul', 'GET', `/departments/${fire}/view`))).toBe('api.not_found');
  });
});

describe('21: joint response per department', () => {
  let fireOffer: string;
  let policeOffer: string;

  it('an alert is offered to two departments, each of which is told', async () => {
    const request = { id: randomUUID(), note: 'smoke in the hall' };
    const made = responseOfferSchema.parse((await offer('ada', request)).json());
    fireOffer = made.id;
    expect([made.department.name, made.acknowledgedAt, made.tasks]).toEqual(['Fire brigade', null, null]);
    // The same again has the same answer; another one in its place has none.
    expect((await offer('ada', request)).json()).toEqual(made);
    expect(codeOf(await offer('ada', { ...request, note: 'other' }))).toBe('api.invalid');
    expect(codeOf(await offer('ada'))).toBe('response.offered');
    site.clock.nowMs += 1_000;
    policeOffer = responseOfferSchema.parse((await offer('ada', { department: police })).json()).id;
    expect(await notices()).toEqual(['fire desk: opened waiting', 'police desk: opened waiting']);
    // That the control room has the incident is no answer of theirs.
    const { subject } = subjectOffersSchema.parse((await as('ada', 'GET', `/subjects/${alert}`)).json());
    await lapseNotices(site.store.db, 'test', [subject.id]);
    expect(await notices()).toEqual(['fire desk: opened waiting', 'police desk: opened waiting']);
  });

  /** Carries out what is due for departments, as the worker does. */
  const pageAgain = () =>
    site.store.db.transaction().execute(async (tx) => {
      const steps = await takeDue(tx, { site: 'test', kind: 'response.page' }, site.clock.nowMs, 50);
      if (steps.length > 0) await site.dueHandlers.get('response.page')?.(tx, steps, site.clock.nowMs);
      return steps.length;
    });
  const sent = () => site.store.db.updateTable('notice').set({ state: 'sent' }).execute();

  it('who does not answer is told again, each for itself', async () => {
    await sent();
    expect(await pageAgain()).toBe(0);
    site.clock.nowMs += 3 * minuteMs;
    expect(await pageAgain()).toBe(2);
    expect(await notices()).toEqual([
      ...['fire desk: opened sent', 'fire desk: reminder waiting'],
      ...['police desk: opened sent', 'police desk: reminder waiting'],
    ]);
    // Then after twice as long.
    site.clock.nowMs += 5 * minuteMs;
    expect(await pageAgain()).toBe(0);
  });

  it('the acknowledgement of one stops the paging of that one only', async () => {
    expect(codeOf(await as('paul', 'POST', `/offers/${fireOffer}/acknowledge`, {}))).toBe(
      'response.not_dispatcher',
    );
    expect(codeOf(await as('ada', 'POST', `/offers/${policeOffer}/acknowledge`, {}))).toBe(
      'response.not_dispatcher',
    );
    const taken = await as('pia', 'POST', `/offers/${policeOffer}/acknowledge`, {});
    const acknowledged = responseOfferSchema.parse(taken.json());
    expect(acknowledged.acknowledgedBy).toBe('pia');
    expect(await notices()).toEqual([
      ...['fire desk: opened sent', 'fire desk: reminder waiting'],
      ...['police desk: opened sent', 'police desk: reminder lapsed'],
    ]);
    await sent();
    site.clock.nowMs += minuteMs;
    expect(await pageAgain()).toBe(2);
    expect((await notices()).filter((text) => text.endsWith('waiting'))).toEqual([
      'fire desk: reminder waiting',
    ]);
    // Harmless again.
    const again = responseOfferSchema.parse(
      (await as('paul', 'POST', `/offers/${policeOffer}/acknowledge`, {})).json(),
    );
    expect([again.acknowledgedBy, again.version]).toEqual(['pia', acknowledged.version]);
  });

  it('each sees its own tasks and nothing of the other’s', async () => {
    const given = await as('fritz', 'POST', `/offers/${fireOffer}/tasks`, { id: randomUUID(), unit: engine });
    expect(responseOfferSchema.parse(given.json()).tasks).toMatchObject([
      { unit: { name: 'Engine 1' }, state: 'offered', note: 'smoke in the hall' },
    ]);
    const seen = async (name: string) =>
      subjectOffersSchema
        .parse((await as(name, 'GET', `/subjects/${alert}`)).json())
        .offers.map(({ department, tasks, acknowledgedBy, acknowledgedAt }) => [
          ...[department.name, tasks?.length ?? null, acknowledgedBy, acknowledgedAt !== null],
        ]);
    expect(await seen('frida')).toEqual([
      ['Fire brigade', 1, null, false],
      ['Police post', null, null, true],
    ]);
    expect(await seen('paul')).toEqual([
      ['Fire brigade', null, null, false],
      ['Police post', 0, 'pia', true],
    ]);
    // Who offered it sees that they have it, and no more.
    expect(await seen('ada')).toEqual([
      ['Fire brigade', null, null, false],
      ['Police post', null, null, true],
    ]);
    const tasks = async (name: string, query: string) =>
      taskPageSchema.parse((await as(name, 'GET', `/tasks?${query}`)).json()).tasks.length;
    expect([await tasks('frida', 'of=mine'), await tasks('fritz', 'of=department')]).toEqual([1, 1]);
    for (const other of ['paul', 'pia', 'ada', 'chief'])
      for (const of of ['mine', 'department'])
        expect([other, await tasks(other, `of=${of}&department=${fire}&ended=true`)]).toEqual([other, 0]);
    const { offers } = offerPageSchema.parse((await as('pia', 'GET', '/offers')).json());
    expect(offers.map(({ department }) => department.name)).toEqual(['Police post']);
  });

  it('a unit climbs the ladder; the first yes is the acknowledgement of its department', async () => {
    const [task] = taskPageSchema.parse((await as('frida', 'GET', '/tasks')).json()).tasks;
    if (!task) throw new Error('no task');
    expect(task.steps).toEqual([
      { to: 'accepted', needsReason: false },
      { to: 'declined', needsReason: false },
    ]);
    for (const stranger of ['paul', 'pia', 'ada', 'chief'])
      expect([stranger, codeOf(await step(stranger, task, 'accepted'))]).toEqual([stranger, 'api.not_found']);
    expect(codeOf(await step('frida', task, 'on_scene'))).toBe('response.step');
    const request = { id: randomUUID() };
    const accepted = responseTaskSchema.parse((await step('frida', task, 'accepted', request)).json());
    expect((await step('frida', task, 'accepted', request)).json()).toEqual(accepted);
    expect(codeOf(await step('frida', task, 'declined'))).toBe('response.stale');
    expect((await notices()).filter((text) => text.endsWith('waiting'))).toEqual([]);
    site.clock.nowMs += 60 * minuteMs;
    await pageAgain();
    expect((await notices()).filter((text) => text.endsWith('waiting'))).toEqual([]);
    site.clock.nowMs -= 60 * minuteMs;
    expect(codeOf(await step('frida', accepted, 'declined'))).toBe('response.reason_needed');
    const units = departmentListSchema.parse((await as('fritz', 'GET', '/departments')).json()).departments[0]
      ?.units;
    expect(units?.map(({ name, state, tasks }) => [name, state, tasks])).toEqual([
      ['Engine 1', 'busy', 1],
      ['Ladder', 'off_duty', 0],
    ]);
    // By radio: who dispatches takes the steps of the unit.
    const onWay = responseTaskSchema.parse((await step('fritz', accepted, 'en_route')).json());
    expect(onWay.steps.map(({ to }) => to)).toEqual(['on_scene', 'declined', 'recalled']);
  });

  it('a busy unit, and one that is off duty, are offered a task with a reason only', async () => {
    const second = responseOfferSchema.parse((await offer('fritz', { subject: storesAlert })).json()).id;
    const give = (unit: string, more = {}) =>
      as('fritz', 'POST', `/offers/${second}/tasks`, { id: randomUUID(), unit, ...more });
    const refused = await give(engine);
    expect([codeOf(refused), refused.json().details.state]).toEqual(['response.reason_needed', 'busy']);
    expect((await give(ladderTruck)).json().details.state).toBe('off_duty');
    expect((await give(ladderTruck, { reason: 'nobody else is left' })).statusCode).toBe(200);
    expect(codeOf(await give(ladderTruck, { reason: 'once more' }))).toBe('response.offered');
    expect(codeOf(await give(patrol, { reason: 'not ours' }))).toBe('response.unit_unknown');
    expect(
      codeOf(await as('paul', 'POST', `/offers/${second}/tasks`, { id: randomUUID(), unit: engine })),
    ).toBe('response.not_dispatcher');
    const ended = await as('fritz', 'POST', `/offers/${second}/end`, { reason: 'false alarm' });
    expect(responseOfferSchema.parse(ended.json()).tasks?.map(({ state }) => state)).toEqual(['recalled']);
    expect(codeOf(await as('fritz', 'POST', `/offers/${second}/acknowledge`, {}))).toBe('response.ended');
    expect(codeOf(await as('chief', 'POST', `/departments/${fire}/end`, { reason: 'moved away' }))).toBe(
      'response.in_use',
    );
  });

  it('the timeline says who knew what when, and a department nothing of another’s tasks', async () => {
    const lines = async (name: string) =>
      timelineSchema
        .parse((await as(name, 'GET', `/subjects/${alert}/timeline`)).json())
        .entries.map(({ kind, what, by, department, whom }) =>
          [kind, what, by, department, whom].join(' | '),
        );
    const all = await lines('chief');
    expect(all).toEqual([
      'alert | open | system |  | cam1',
      'offer | offered | ada |  | Fire brigade',
      'offer | offered | ada |  | Police post',
      'acknowledgement | acknowledged | pia | Police post | ',
      'acknowledgement | acknowledged | frida | Fire brigade | ',
      'task | offered | fritz | Fire brigade | Engine 1',
      'task | accepted | frida | Fire brigade | Engine 1',
      'task | en_route | fritz | Fire brigade | Engine 1',
    ]);
    expect((await lines('paul')).filter((line) => /frida|fritz|Engine/.test(line))).toEqual([]);
    expect((await lines('frida')).filter((line) => /pia/.test(line))).toEqual([]);
    expect((await lines('frida')).filter((line) => line.startsWith('task'))).toHaveLength(3);
  });

  it('it is exported by who reviews, which is written down', async () => {
    const csv = await as('chief', 'GET', `/subjects/${alert}/timeline/export?format=csv`);
    expect([csv.statusCode, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(csv.body.split('\r\n')).toHaveLength(10);
    const json = await as('chief', 'GET', `/subjects/${alert}/timeline/export?format=json`);
    expect(timelineSchema.parse(JSON.parse(json.body)).entries).toHaveLength(8);
    expect(codeOf(await as('paul', 'GET', `/subjects/${alert}/timeline/export`))).toBe('api.forbidden');
    const log = await site.ask('GET', '/api/v1/audit?action=timeline_exported&limit=10', 'admin');
    const { entries } = auditPageSchema.parse(log.json());
    expect(entries.map(({ outcome, details }) => [outcome, details.format ?? details.code])).toEqual([
      ...[
        ['refused', 'api.forbidden'],
        ['done', 'json'],
        ['done', 'csv'],
      ],
    ]);
  });

  it('who is limited to zones sees what is offered to their department, and nothing else beyond', async () => {
    expect(codeOf(await as('gina', 'GET', `/subjects/${storesAlert}`))).toBe('api.not_found');
    expect(codeOf(await as('gina', 'GET', `/subjects/${storesAlert}/timeline`))).toBe('api.not_found');
    expect(codeOf(await offer('gina', { subject: storesAlert, department: police }))).toBe('api.not_found');
    const [before] = departmentListSchema.parse(
      (await as('chief', 'GET', '/departments')).json(),
    ).departments;
    const unit = before?.units?.find((one) => one.id === engine);
    await as('chief', 'POST', `/units/${engine}`, {
      ...{ version: unit?.version, name: 'Engine 1', duty: 'always', members: [id('frida'), id('gina')] },
    });
    await offer('fritz', { subject: storesAlert });
    const seen = subjectOffersSchema.parse((await as('gina', 'GET', `/subjects/${storesAlert}`)).json());
    expect(seen.subject.zone).toBe('stores');
    for (const { name, url } of [
      { name: 'gina', url: '/departments?site=elsewhere' },
      { name: 'gina', url: '/tasks?site=elsewhere' },
    ])
      expect(codeOf(await as(name, 'GET', url))).toBe('api.not_found');
  });
});

describe('where officers are', () => {
  const where = { latitude: 31.2, longitude: 121.4, accuracyM: 8 };
  const own = async (name: string) => ownPositionSchema.parse((await as(name, 'GET', '/position')).json());
  const nearest = async (name: string, department: string) => {
    const answer = await as(name, 'GET', `/nearest?subject=${alert}&department=${department}`);
    return nearestUnitsSchema
      .parse(answer.json())
      .units.map(({ unit, distanceM, ageSeconds }) => [
        ...[unit.name, distanceM === null ? null : distanceM > 0, ageSeconds],
      ]);
  };

  it('are taken by consent and on duty alone', async () => {
    expect(codeOf(await as('frida', 'PUT', '/position', where))).toBe('response.no_consent');
    expect(codeOf(await as('ada', 'POST', '/position/consent', { consent: true }))).toBe('response.off_duty');
    expect((await as('frida', 'POST', '/position/consent', { consent: true })).json()).toMatchObject({
      ...{ onDuty: true, position: null, keptMinutes: 120 },
    });
    expect((await as('frida', 'PUT', '/position', where)).json().position).toMatchObject(where);
    expect(codeOf(await as('frida', 'PUT', '/position', where))).toBe('api.too_many_requests');
    const rows = await site.store.db.selectFrom('officer_position').selectAll().execute();
    expect(rows).toHaveLength(1);
  });

  it('propose the nearest unit to who dispatches it, with how old they are', async () => {
    site.clock.nowMs += minuteMs;
    expect(await nearest('fritz', fire)).toEqual(
      [
        ['Engine 1', true, 60],
        ['Ladder', null, null],
      ].sort(() => 0),
    );
    for (const other of ['paul', 'ada', 'frida', 'chief'])
      expect(codeOf(await as(other, 'GET', `/nearest?subject=${alert}&department=${fire}`))).toBe(
        'response.not_dispatcher',
      );
  });

  it('stand on the plan for who dispatches them, with how old they are, and that somebody looked is noted', async () => {
    const map = async (name: string) => {
      const { units } = unitMapSchema.parse((await as(name, 'GET', '/map')).json());
      return units.map((unit) => [
        unit.name,
        unit.members.map(({ person, ageSeconds, current, place }) => [
          person.name,
          ageSeconds,
          current,
          place,
        ]),
      ]);
    };
    // She is 10 km to the west of the only plan.
    expect(await map('fritz')).toEqual([
      ['Engine 1', [['frida', 60, true, null]]],
      ['Ladder', []],
    ]);
    await as('frida', 'PUT', '/position', { latitude: 31.19991, longitude: 121.5001, accuracyM: 5 });
    site.clock.nowMs += 16 * minuteMs;
    // Too old to be drawn, and still there.
    expect(await map('fritz')).toEqual([
      ['Engine 1', [['frida', 960, false, { plan: expect.any(String), at: [10, 10] }]]],
      ['Ladder', []],
    ]);
    for (const other of ['paul', 'ada', 'frida', 'chief']) {
      const answer = await as(other, 'GET', '/map');
      expect(answer.body).not.toContain('Engine 1');
    }
    const log = await site.ask('GET', '/api/v1/audit?action=positions_viewed&limit=10', 'admin');
    expect(auditPageSchema.parse(log.json()).entries.map(({ actor }) => actor)).toMatchObject([
      { name: 'fritz' },
    ]);
    site.clock.nowMs -= 15 * minuteMs;
  });

  it('are gone after their time, at once where the person ends it, and with the end of duty', async () => {
    site.clock.nowMs += 119 * minuteMs + 1;
    expect((await own('frida')).position).toBeNull();
    await site.response?.positions.forget();
    expect(await site.store.db.selectFrom('officer_position').selectAll().execute()).toEqual([]);
    await as('frida', 'POST', '/position/consent', { consent: true });
    await as('frida', 'PUT', '/position', where);
    expect((await own('frida')).position).not.toBeNull();
    expect(await as('frida', 'DELETE', '/position').then((answer) => answer.json())).toMatchObject({
      ...{ consentedAt: null, position: null },
    });
    expect(await site.store.db.selectFrom('officer_position').selectAll().execute()).toEqual([]);
    // When the service ends, where she is goes at once; that she agrees stays.
    await as('frida', 'POST', '/position/consent', { consent: true });
    await as('frida', 'PUT', '/position', where);
    await site.response?.positions.stop();
    expect(await own('frida')).toMatchObject({ position: null, consentedAt: expect.any(String) });
    // The post is not manned all the time any more, and no rota has her.
    await as('frida', 'POST', '/position/consent', { consent: true });
    await as('frida', 'PUT', '/position', where);
    const [before] = departmentListSchema.parse(
      (await as('chief', 'GET', '/departments')).json(),
    ).departments;
    const unit = before?.units?.find((one) => one.id === engine);
    const changed = { version: unit?.version, name: 'Engine 1', duty: 'rotas', members: [id('frida')] };
    departmentSchema.parse((await as('chief', 'POST', `/units/${engine}`, changed)).json());
    expect((await nearest('fritz', fire)).every(([, distance]) => distance === null)).toBe(true);
    await site.response?.positions.forget();
    expect(await site.store.db.selectFrom('officer_position').selectAll().execute()).toEqual([]);
    expect(codeOf(await as('frida', 'PUT', '/position', where))).toBe('response.no_consent');
  });

  it('are in no audit entry', async () => {
    const rows = await site.store.db.selectFrom('audit').select(['action', 'details']).execute();
    expect(rows.map(({ action }) => action)).toContain('position_consented');
    expect(JSON.stringify(rows)).not.toMatch(/31\.2|121\.4|latitude/);
  });
});

it('what is of another site does not exist, whatever ids somebody knows', async () => {
  const there = { site: 'elsewhere', version: 1, isEnded: false } as const;
  const [department, unit, offered, given] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const { db } = site.store;
  const at = new Date(site.clock.nowMs).toISOString();
  const members = [id('chief'), id('fritz')];
  await insertDepartment(
    db,
    {
      ...{ ...there, id: department, kind: 'fire', name: 'Secret brigade', zones: null, concerns: null },
      ...{ receiver: null, dispatchers: members },
    },
    at,
  );
  await insertUnit(db, { ...there, id: unit, department, name: 'Secret unit', duty: 'always', members }, at);
  await insertOffer(db, {
    ...{
      site: 'elsewhere',
      id: offered,
      version: 1,
      subject: alert,
      department,
      note: 'secret',
      offeredAt: at,
    },
    ...{ offeredBy: { account: id('chief'), name: 'chief' }, acknowledgedAt: null, acknowledgedBy: null },
    ...{ endedAt: null, endedBy: null, endReason: null },
  });
  await insertTask(
    db,
    {
      ...{ site: 'elsewhere', id: given, version: 1, offer: offered, unit, state: 'offered', since: at },
      ...{ offeredAt: at, offeredBy: 'chief' },
    },
    { at, from: null, to: 'offered', by: 'chief', reason: null, request: randomUUID() },
  );
  const lists = [
    '/departments',
    '/offers?ended=true',
    '/tasks?of=mine',
    '/tasks?of=department',
    `/subjects/${alert}`,
  ];
  for (const name of ['chief', 'fritz'])
    for (const url of lists) expect((await as(name, 'GET', url)).body.toLowerCase()).not.toContain('secret');
  const reason = { reason: 'to see whether' };
  const tries: readonly (readonly [Method, string, object?])[] = [
    ['GET', `/departments/${department}/view`],
    ['GET', `/nearest?subject=${alert}&department=${department}`],
    ['POST', `/departments/${department}/end`, reason],
    [
      'POST',
      `/departments/${department}/units`,
      { id: randomUUID(), name: 'x', duty: 'always', members: [] },
    ],
    ['POST', `/units/${unit}/end`, reason],
    ['POST', `/offers/${offered}/acknowledge`, {}],
    ['POST', `/offers/${offered}/end`, reason],
    ['POST', `/offers/${offered}/tasks`, { id: randomUUID(), unit }],
    ['POST', `/tasks/${given}/steps`, { id: randomUUID(), version: 1, to: 'accepted' }],
  ];
  for (const [method, url, body] of tries)
    expect([url, (await as('chief', method, url, body)).statusCode].join(' ')).toMatch(/ (403|404)$/);
  // Whoever knows an id of there gets nothing by using it here.
  const plan = { kind: 'fire', zones: null, concerns: null, receiver: null, dispatchers: [id('chief')] };
  const same = await as('chief', 'POST', '/departments', { id: department, name: 'Same', ...plan });
  expect([codeOf(same), same.json().path]).toEqual(['api.invalid', '/id']);
  const units = { id: unit, name: 'Same', duty: 'always', members: [] };
  expect(codeOf(await as('chief', 'POST', `/departments/${police}/units`, units))).toBe('api.invalid');
});

it('what ended is forgotten after its days, and what has not stays', async () => {
  const count = async () =>
    Number(
      (
        await site.store.db
          .selectFrom('response_offer')
          .select((eb) => eb.fn.countAll().as('n'))
          .where('site', '=', 'test')
          .execute()
      )[0]?.n,
    );
  const kept = new Map([['test', { ...defaultPolicy.keptDays, response: 10 }]]);
  expect(await count()).toBe(4);
  await applyRetention(site.store, kept, site.clock.nowMs + 9 * 24 * 60 * minuteMs);
  expect(await count()).toBe(4);
  await applyRetention(site.store, kept, site.clock.nowMs + 11 * 24 * 60 * minuteMs);
  expect(await count()).toBe(3);
});
