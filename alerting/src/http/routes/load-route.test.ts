import { randomUUID } from 'node:crypto';
import {
  alertPageSchema,
  dutyPeopleSchema,
  loadFiguresSchema,
  loadQuerySchema,
  type Role,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadFigures } from '../../load/load-figures.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { testSite } from '../../testing/test-site.ts';

const hourMs = 3_600_000;
let site: HttpSite;
let startMs: number;
beforeAll(async () => {
  site = await HttpSite.open();
  startMs = site.clock.nowMs;
  site.clock.nowMs += 10 * 60_000;
});
afterAll(() => site.close());

const load = (query = '', role: Role = 'supervisor') => site.ask('GET', `/api/v1/load${query}`, role);
/** Hours after the beginning, when the sessions of the test are over. */
const laterOn = (hours: number, query = {}) =>
  loadFigures(
    { db: site.store.db, nowMs: () => startMs + hours * hourMs },
    testSite.id,
    loadQuerySchema.parse(query),
  );

it('says what there was to deal with, what is slow, and who makes most of it', async () => {
  const { alerts } = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
  const [first] = alerts;
  const step = { id: randomUUID(), version: first?.version, to: 'acknowledged' };
  await site.ask('POST', `/api/v1/alerts/${first?.id}/transitions`, 'officer', step);
  const figures = loadFiguresSchema.parse((await load()).json());
  expect(figures).toMatchObject({ alerts: 4, limit: 10, shareAbove: 0, peak: { alerts: 4 } });
  expect(figures.topSources.reduce((sum, one) => sum + one.alerts, 0)).toBe(4);
  expect(figures.acknowledge).toMatchObject({ count: 1, never: 3 });
  expect(figures.acknowledge.medianSeconds).toBeGreaterThan(500);
  expect(figures.resolve).toEqual({ medianSeconds: null, p90Seconds: null, count: 0, never: 4 });
  expect([figures.stale.count, figures.chattering]).toEqual([0, []]);
  const later = await laterOn(25);
  expect([later.alerts, later.stale.count]).toEqual([0, 4]);
});

it('an alert that chatters, and times that are none', async () => {
  const { alerts } = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
  await site.store.db
    .updateTable('alert')
    .set({ event_count: 40 })
    .where('id', '=', alerts[0]?.id ?? '')
    .execute();
  const range = `?from=${new Date(startMs - hourMs).toISOString()}&until=${new Date(startMs + hourMs).toISOString()}`;
  const { chattering } = loadFiguresSchema.parse((await load(range)).json());
  expect(chattering).toMatchObject([{ device: alerts[0]?.device, alerts: 1 }]);
  const day = (days: number) => new Date(startMs + days * 24 * hourMs).toISOString();
  expect(codeOf(await load(`?from=${day(-40)}&until=${day(0)}`))).toBe('api.invalid');
  expect(codeOf(await load(`?from=${day(0)}&until=${day(-1)}`))).toBe('api.invalid');
});

it('a shift that one person had alone is in no figure, and nobody’s name is', async () => {
  const { people } = dutyPeopleSchema.parse((await site.ask('GET', '/api/v1/duty/people', 'admin')).json());
  const make = (name: string, unit: 'day' | 'month', members: readonly (string | undefined)[]) =>
    site.ask('POST', '/api/v1/duty/rotas', 'admin', {
      ...{ id: randomUUID(), name, coverage: 'planned', holidays: false, timeZone: 'UTC' },
      layers: [
        {
          ...{ name: 'all day', days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
          ...{ from: '00:00', to: '00:00' },
          rotation: { since: '2020-01-01', unit, every: 1, people: members },
        },
      ],
    });
  expect((await make('alone', 'day', [people[0]?.id])).statusCode).toBe(200);
  expect((await make('together', 'day', [people[0]?.id, people[1]?.id])).statusCode).toBe(200);
  const figures = await laterOn(72, { from: new Date(startMs + hourMs).toISOString() });
  expect(figures.shifts.map(({ rotaName, layer }) => [rotaName, layer])).toEqual([['together', 'all day']]);
  for (const { id, name } of people) {
    expect(JSON.stringify(figures)).not.toContain(id);
    expect(JSON.stringify(figures)).not.toContain(`"${name}"`);
  }
});

it('is for who reviews', async () => {
  expect(codeOf(await load('', 'officer'))).toBe('api.forbidden');
});
