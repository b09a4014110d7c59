import { randomUUID } from 'node:crypto';
import {
  auditPageSchema,
  dutyFindingListSchema,
  dutyPeopleSchema,
  dutyRotaDetailSchema,
  dutyShiftListSchema,
  handoverSchema,
  onDutySchema,
  type Role,
  vacantTurn,
} from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../testing/http-client.ts';
import { HttpSite } from '../testing/http-site.ts';

let site: HttpSite;
const ids = new Map<string, string>();
const startMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
const inHours = (hours: number) => new Date(startMs + hours * 3_600_000).toISOString();
const day = (days: number) => inHours(days * 24).slice(0, 10);
const idOf = (name: string): string => ids.get(name) ?? name;
const post = (url: string, body: object, role: Role = 'admin') => site.ask('POST', url, role, body);
const rota = randomUUID();
const exceptions = {
  override: randomUUID(),
  swap: randomUUID(),
  asked: randomUUID(),
  schedule: randomUUID(),
};
let handover: string;

/** Officer and supervisor take turns by day; the officer hands over, and goes. */
beforeAll(async () => {
  site = await HttpSite.open();
  site.clock.nowMs = startMs + 60_000;
  const { people } = dutyPeopleSchema.parse((await site.ask('GET', '/api/v1/duty/people', 'admin')).json());
  for (const { id, name } of people) ids.set(name, id);
  const made = await post('/api/v1/duty/rotas', {
    ...{ id: rota, name: 'Night watch', coverage: 'planned', holidays: false, timeZone: 'UTC' },
    layers: [
      {
        ...{ name: 'all day', days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
        ...{ from: '00:00', to: '00:00' },
        rotation: {
          ...{ since: day(0), unit: 'day', every: 1 },
          people: [idOf('officer'), idOf('supervisor'), idOf('officer')],
        },
      },
    ],
  });
  expect(made.statusCode).toBe(200);
  const exception = async (more: object) =>
    expect(
      (await post('/api/v1/duty/exceptions', { rota, reason: 'of this test', ...more })).statusCode,
    ).toBe(200);
  const officer = idOf('officer');
  await exception({
    ...{ id: exceptions.override, kind: 'override', person: officer },
    ...{ from: `${day(4)}T03:00`, until: `${day(4)}T05:00` },
  });
  await exception({
    ...{ id: exceptions.schedule, kind: 'temporary', from: `${day(40)}T00:00`, until: `${day(41)}T00:00` },
    shifts: [
      { from: `${day(40)}T00:00`, until: `${day(40)}T12:00`, person: officer },
      { from: `${day(40)}T12:00`, until: `${day(41)}T00:00`, person: idOf('supervisor') },
    ],
  });
  const written = await post(
    '/api/v1/duty/handovers',
    { id: randomUUID(), rota, notes: 'Key 7 is at the desk', taker: idOf('supervisor') },
    'officer',
  );
  handover = handoverSchema.parse(written.json()).id;
  expect((await post(`/api/v1/duty/handovers/${handover}/sign`, {}, 'supervisor')).statusCode).toBe(200);
  // A swap that is agreed, and one that is asked.
  const swap = (id: string, from: string, until: string) =>
    post(
      '/api/v1/duty/swaps',
      {
        ...{ id, rota, with: idOf('supervisor'), reason: 'a wedding' },
        ...{ give: { from, until }, take: null },
      },
      'officer',
    );
  expect((await swap(exceptions.swap, `${day(5)}T00:00`, `${day(5)}T06:00`)).statusCode).toBe(200);
  expect(
    (await post(`/api/v1/duty/swaps/${exceptions.swap}/answer`, { accept: true }, 'supervisor')).statusCode,
  ).toBe(200);
  expect((await swap(exceptions.asked, `${day(6)}T00:00`, `${day(6)}T06:00`)).statusCode).toBe(200);
});
afterAll(() => site.close());

const onDutyAt = async (at: string) =>
  onDutySchema.parse((await site.ask('GET', `/api/v1/duty?at=${at}`, 'supervisor')).json()).rotas[0]?.person
    ?.name;
const kept = async (id: string) => {
  const rows = await site.store.db.selectFrom('duty_exception').selectAll().where('id', '=', id).execute();
  return rows[0];
};

it('who goes is out of rotas, their turns are found as holes, and what has been names nobody', async () => {
  const officer = idOf('officer');
  site.clock.nowMs += 60_000;
  expect(await onDutyAt(`${day(3)}T12:00:00.000Z`)).toBe('officer');
  const before = (
    await site.store.db.selectFrom('duty_shift').selectAll().where('person', '=', officer).execute()
  ).length;
  expect(before).toBeGreaterThan(10);
  expect((await site.ask('DELETE', `/api/v1/accounts/${officer}`, 'admin')).statusCode).toBe(204);

  // Nobody moves up, and nobody is paged who is not there.
  expect(await onDutyAt(`${day(3)}T12:00:00.000Z`)).toBeUndefined();
  expect(await onDutyAt(`${day(4)}T12:00:00.000Z`)).toBe('supervisor');
  // Overrides with them do not count any more, the rotation does; what somebody took for them stays.
  expect(await onDutyAt(`${day(5)}T03:00:00.000Z`)).toBe('supervisor');
  expect(await kept(exceptions.swap)).toMatchObject({ state: 'valid', made_by_name: '' });
  expect(await onDutyAt(`${day(4)}T04:00:00.000Z`)).toBe('supervisor');
  for (const id of [exceptions.override, exceptions.asked])
    expect(await kept(id)).toMatchObject({ state: 'cancelled', ended_by: '' });
  expect((await kept(exceptions.schedule))?.parts.map(({ person }) => person)).toEqual([idOf('supervisor')]);
  const { findings } = dutyFindingListSchema.parse(
    (await site.ask('GET', '/api/v1/duty/findings', 'supervisor')).json(),
  );
  expect(findings[0]).toMatchObject({ kind: 'gap', rota, person: null, soon: true });
  expect(findings.every(({ kind }) => kind === 'gap')).toBe(true);

  // What has been is there, without the name.
  const shifts = dutyShiftListSchema.parse(
    (
      await site.ask('GET', `/api/v1/duty/shifts?from=${inHours(-24)}&until=${inHours(24)}`, 'auditor')
    ).json(),
  ).shifts;
  const [first] = shifts;
  expect(first?.person.name).toBe('');
  const report = handoverSchema.parse(
    (await site.ask('GET', `/api/v1/duty/handovers/${handover}`, 'auditor')).json(),
  );
  expect(report.giver).toEqual({ id: first?.person.id, name: '' });
  expect([report.taker.name, report.signedAt !== null]).toEqual(['supervisor', true]);

  // In no table of duty is the account any more.
  for (const table of ['duty_rota', 'duty_exception', 'duty_shift', 'duty_handover']) {
    const { rows } =
      await sql`select 1 from ${sql.table(table)} as one where one::text like ${`%${officer}%`}`.execute(
        site.store.db,
      );
    expect([table, rows.length]).toEqual([table, 0]);
  }
  const { rows } =
    await sql`select 1 from duty_handover as one where one::text like '%"by": "officer"%'`.execute(
      site.store.db,
    );
  expect(rows).toEqual([]);

  const log = auditPageSchema.parse(
    (await site.ask('GET', '/api/v1/audit?action=account_deleted', 'admin')).json(),
  );
  const [entry] = log.entries;
  expect(entry?.details).toMatchObject({
    name: 'officer',
    rotas: 1,
    shiftsPast: 1,
    exceptions: 4,
    handovers: 1,
  });
  expect(Number(entry?.details.shiftsAhead)).toBe(before - 1);
});

it('a rota with a vacant turn is edited once somebody has it', async () => {
  const url = `/api/v1/duty/rotas/${rota}`;
  const {
    site: _site,
    id: _id,
    people,
    exceptions: _all,
    ...plan
  } = dutyRotaDetailSchema.parse((await site.ask('GET', url, 'supervisor')).json());
  expect(people.map(({ id, name }) => [id, name])).toContainEqual([vacantTurn, '']);
  const same = await post(url, plan, 'supervisor');
  expect([codeOf(same), same.json().path]).toEqual(['duty.person_unknown', '/layers/0/rotation/people/0']);
  const filled = plan.layers.map((layer) => ({
    ...layer,
    rotation: {
      ...layer.rotation,
      people: layer.rotation.people.map((one) => (one === vacantTurn ? idOf('admin') : one)),
    },
  }));
  expect((await post(url, { ...plan, layers: filled }, 'supervisor')).statusCode).toBe(200);
  expect(await onDutyAt(`${day(3)}T12:00:00.000Z`)).toBe('admin');
  const found = await site.ask('GET', '/api/v1/duty/findings', 'supervisor');
  expect(dutyFindingListSchema.parse(found.json()).findings).toEqual([]);
});
