import { randomUUID } from 'node:crypto';
import {
  alertPageSchema,
  auditPageSchema,
  dutyExceptionSchema,
  dutyPeopleSchema,
  dutyRotaDetailSchema,
  handoverListSchema,
  handoverSchema,
  onDutySchema,
  type Role,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultPolicy } from '../../policy.ts';
import { applyRetention } from '../../store/retention.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
let rota: string;
const ids = new Map<string, string>();
/** Now, to the minute: alerts of the site were opened just now. */
const startMs = Math.floor(Date.now() / 60_000) * 60_000;
const hourMs = 3_600_000;
const post = (url: string, body: object, role: Role) => site.ask('POST', url, role, body);
const idOf = (name: string): string => ids.get(name) ?? name;
const inHours = (hours: number) => new Date(startMs + hours * hourMs).toISOString();

/** The officer is on duty for two hours more, then the supervisor, then the officer again. */
beforeAll(async () => {
  site = await HttpSite.open();
  const { people } = dutyPeopleSchema.parse((await site.ask('GET', '/api/v1/duty/people', 'admin')).json());
  for (const { id, name } of people) ids.set(name, id);
  const body = {
    ...{ id: randomUUID(), name: 'Night watch', coverage: 'planned', holidays: false, timeZone: 'UTC' },
    layers: [
      {
        ...{ name: 'all day', days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
        ...{ from: '00:00', to: '00:00' },
        rotation: { since: '2020-01-01', unit: 'day', every: 1, people: [idOf('officer')] },
      },
    ],
  };
  rota = dutyRotaDetailSchema.parse((await post('/api/v1/duty/rotas', body, 'admin')).json()).id;
  const schedule = {
    ...{
      id: randomUUID(),
      rota,
      kind: 'temporary',
      reason: 'of this test',
      from: inHours(-2),
      until: inHours(48),
    },
    shifts: [
      { from: inHours(-2), until: inHours(2), person: idOf('officer') },
      { from: inHours(2), until: inHours(8), person: idOf('supervisor') },
      { from: inHours(8), until: inHours(12), person: idOf('officer') },
    ],
  };
  expect((await post('/api/v1/duty/exceptions', schedule, 'admin')).statusCode).toBe(200);
});
beforeEach(() => {
  site.clock.nowMs = startMs + 60_000;
});
afterAll(() => site.close());

const makeHandover = (changed: object = {}, role: Role = 'officer') =>
  post('/api/v1/duty/handovers', { id: randomUUID(), rota, notes: 'Key 7 is at the desk', ...changed }, role);
const sign = (id: string, role: Role) =>
  post(`/api/v1/duty/handovers/${id}/sign`, { remark: 'got key 7' }, role);

it('a hand-over says what is open and what was decided, and is signed by both sides', async () => {
  const page = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'officer')).json());
  const [first] = page.alerts;
  const step = { id: randomUUID(), version: first?.version, to: 'acknowledged' };
  await post(`/api/v1/alerts/${first?.id}/transitions`, step, 'officer');
  const made = handoverSchema.parse((await makeHandover()).json());
  expect([made.giver.name, made.taker.name, made.signedAt]).toEqual(['officer', 'supervisor', null]);
  expect(made.shift).toEqual({ from: inHours(-2), until: inHours(2) });
  expect(made.report.openTotal).toBe(page.total);
  expect(made.report.open.find(({ alert }) => alert === first?.id)?.state).toBe('acknowledged');
  expect(made.report.decided).toMatchObject([{ alert: first?.id, to: 'acknowledged', by: 'officer' }]);
  // Neither who hands over nor somebody else takes over.
  for (const role of ['officer', 'admin'] as const)
    expect(codeOf(await sign(made.id, role))).toBe('duty.not_asked');
  const signed = handoverSchema.parse((await sign(made.id, 'supervisor')).json());
  expect([signed.taker.name, signed.remark]).toEqual(['supervisor', 'got key 7']);
  expect(signed.signedAt).toBe(new Date(site.clock.nowMs).toISOString());
  expect((await sign(made.id, 'supervisor')).json().signedAt).toBe(signed.signedAt);
  const list = handoverListSchema.parse((await site.ask('GET', '/api/v1/duty/handovers', 'auditor')).json());
  expect(list.handovers.map(({ id, rotaName }) => [id, rotaName])).toEqual([[made.id, 'Night watch']]);
  const log = auditPageSchema.parse((await site.ask('GET', '/api/v1/audit?limit=200', 'admin')).json());
  const actions = log.entries.filter(({ subject }) => subject?.id === made.id);
  expect(actions.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    ...['handover_signed done', 'handover_signed refused', 'handover_signed refused', 'handover_made done'],
  ]);
});

it('only who is on duty hands over, or was until lately; whoever is on duty by then may take over', async () => {
  expect(codeOf(await makeHandover({}, 'supervisor'))).toBe('duty.not_on_duty');
  site.clock.nowMs = startMs + 5 * hourMs;
  const late = handoverSchema.parse((await makeHandover({ taker: idOf('admin') })).json());
  expect(late.shift.until).toBe(inHours(2));
  const signed = handoverSchema.parse((await sign(late.id, 'supervisor')).json());
  expect(signed.taker.name).toBe('supervisor');
  site.clock.nowMs = startMs + 6.5 * hourMs;
  expect(codeOf(await makeHandover())).toBe('duty.not_on_duty');
  site.clock.nowMs = startMs + 11 * hourMs;
  // Nobody is planned after this shift until the temporary schedule ends, and then the officer again.
  const nobody = await makeHandover();
  expect([codeOf(nobody), nobody.json().path]).toEqual(['duty.nobody_next', '/taker']);
});

const swap = (changed: object = {}) => ({
  ...{ id: randomUUID(), rota, with: idOf('supervisor'), reason: 'a wedding' },
  ...{ give: { from: inHours(8), until: inHours(12) }, take: { from: inHours(2), until: inHours(8) } },
  ...changed,
});
const at = async (hours: number) =>
  onDutySchema.parse((await site.ask('GET', `/api/v1/duty?at=${inHours(hours)}`, 'officer')).json()).rotas[0];

it('a swap counts once the other says yes, and then for both', async () => {
  // A temporary schedule counts before swaps: they are asked for after it.
  const give = { from: inHours(49), until: inHours(50) };
  const made = dutyExceptionSchema.parse(
    (await post('/api/v1/duty/swaps', swap({ give, take: null }), 'officer')).json(),
  );
  expect([made.state, made.asked?.name]).toEqual(['asked', 'supervisor']);
  expect((await at(49))?.person?.name).toBe('officer');
  const answer = (role: Role, accept = true) =>
    post(`/api/v1/duty/swaps/${made.id}/answer`, { accept }, role);
  expect(codeOf(await answer('admin'))).toBe('duty.not_asked');
  expect((await answer('supervisor')).json().state).toBe('valid');
  expect(await at(49)).toMatchObject({ person: { name: 'supervisor' }, cause: 'swap' });
  expect((await at(50))?.person?.name).toBe('officer');
  expect(codeOf(await answer('supervisor', false))).toBe('duty.answered');
  expect(codeOf(await post(`/api/v1/duty/swaps/${made.id}/withdraw`, {}, 'officer'))).toBe('duty.answered');
  // What the officer gave is the supervisor’s to give now, and no more the officer’s.
  const again = await post('/api/v1/duty/swaps', swap({ give, take: null }), 'officer');
  expect([codeOf(again), again.json().path]).toEqual(['duty.not_theirs', '/give']);
});

it('nobody gives what is not theirs, and what is taken back cannot be answered', async () => {
  const refused = async (changed: object) => {
    const answer = await post('/api/v1/duty/swaps', swap(changed), 'officer');
    return [codeOf(answer), answer.json().path];
  };
  expect(await refused({ give: { from: inHours(2), until: inHours(3) } })).toEqual([
    'duty.not_theirs',
    '/give',
  ]);
  expect(await refused({ take: { from: inHours(7), until: inHours(9) } })).toEqual([
    'duty.not_theirs',
    '/take',
  ]);
  expect(await refused({ with: idOf('officer') })).toEqual(['duty.person_unknown', '/with']);
  expect(await refused({ give: { from: inHours(-1), until: inHours(1) } })).toEqual([
    ...['duty.period', '/give/until'],
  ]);
  const made = dutyExceptionSchema.parse((await post('/api/v1/duty/swaps', swap(), 'officer')).json());
  const withdrawn = await post(`/api/v1/duty/swaps/${made.id}/withdraw`, {}, 'officer');
  expect(withdrawn.json().state).toBe('cancelled');
  const late = await post(`/api/v1/duty/swaps/${made.id}/answer`, { accept: true }, 'supervisor');
  expect(codeOf(late)).toBe('duty.answered');
});

it('what ended is forgotten after its days, and what has not stays', async () => {
  const count = async () => {
    const { db } = site.store;
    const tables = ['duty_rota', 'duty_shift', 'duty_exception', 'duty_handover'] as const;
    const counts = [];
    for (const table of tables) {
      const row = await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirst();
      counts.push(Number(row?.n ?? 0));
    }
    return counts;
  };
  const kept = new Map([['test', { ...defaultPolicy.keptDays, duty: 10 }]]);
  const [rotas, , exceptions, handovers] = await count();
  expect([rotas, handovers]).toEqual([1, 2]);
  await applyRetention(site.store, kept, startMs + 9 * 24 * hourMs);
  expect((await count())[2]).toBe(exceptions);
  await applyRetention(site.store, kept, startMs + 15 * 24 * hourMs);
  // The rota goes on: its shifts of 60 days ahead are there.
  const [left, shifts, ...gone] = await count();
  expect([left, gone]).toEqual([1, [0, 0]]);
  expect(shifts).toBeGreaterThan(0);
  await post(`/api/v1/duty/rotas/${rota}/end`, { reason: 'moved away' }, 'admin');
  await applyRetention(site.store, kept, startMs + 80 * 24 * hourMs);
  expect(await count()).toEqual([0, 0, 0, 0]);
});
