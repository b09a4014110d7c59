import { randomUUID } from 'node:crypto';
import {
  alertBatchAnswerSchema,
  alertDetailSchema,
  alertPageSchema,
  type Role,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const list = async () =>
  alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'officer')).json()).alerts;
const all = async () => (await list()).map(({ id, version }) => ({ id, version }));
const post = (body: object, role: Role = 'officer') => site.ask('POST', '/api/v1/alerts/batch', role, body);
const batch = async (action: object, alerts: object[], id = randomUUID(), role: Role = 'officer') =>
  alertBatchAnswerSchema.parse((await post({ id, action, alerts }, role)).json());
const history = async (id: string) =>
  alertDetailSchema
    .parse((await site.ask('GET', `/api/v1/alerts/${id}`, 'officer')).json())
    .transitions.map(({ to, actor }) => `${to} ${actor}`);

it('one action with many alerts: each has its own step, a repeat has none, and it is given back', async () => {
  const [id, alerts] = [randomUUID(), await all()];
  const first = await batch({ do: 'acknowledge' }, alerts, id);
  expect([first.done.length, first.failed]).toEqual([4, []]);
  expect((await batch({ do: 'acknowledge' }, alerts, id)).done).toEqual(first.done);
  const [{ id: one = '' } = {}] = first.done;
  expect(await history(one)).toEqual(['open system', 'acknowledged officer']);
  // Nobody gives back what another one took.
  const others = await batch({ do: 'release' }, await all(), randomUUID(), 'supervisor');
  expect([others.done, others.failed.map(({ code }) => code)]).toEqual([
    [],
    Array(4).fill('alert.transition'),
  ]);
  const back = await batch({ do: 'release' }, await all());
  expect(back.done.map(({ state, acknowledgedBy }) => [state, acknowledgedBy])).toEqual(
    Array(4).fill(['open', null]),
  );
  // Nothing is erased.
  expect(await history(one)).toEqual(['open system', 'acknowledged officer', 'open officer']);
});

it('what one alert is refused stops no other, and says why', async () => {
  const [first, second] = await list();
  if (!first || !second) throw new Error('no alerts');
  const taken = await site.ask('POST', `/api/v1/alerts/${first.id}/transitions`, 'supervisor', {
    ...{ id: randomUUID(), version: first.version, to: 'acknowledged' },
  });
  expect(taken.statusCode).toBe(200);
  const gone = randomUUID();
  const named = [...[first, second].map(({ id, version }) => ({ id, version })), { id: gone, version: 1 }];
  const { done, failed } = await batch({ do: 'acknowledge' }, named);
  expect(done.map(({ id }) => id)).toEqual([second.id]);
  expect(failed).toMatchObject([
    { id: first.id, code: 'alert.stale', details: { changed: 'state' } },
    { id: gone, code: 'api.not_found' },
  ]);
});

it('resolves with one answer and one reason, acknowledged or not, and opens again', async () => {
  const action = { do: 'resolve', disposition: 'test', reason: 'walk test' };
  const { done, failed } = await batch(action, await all());
  expect(done.map(({ state, disposition }) => [state, disposition])).toEqual(
    Array(4).fill(['resolved', 'test']),
  );
  expect(failed).toEqual([]);
  const again = await batch({ do: 'reopen', reason: 'undone' }, await all());
  expect(again.done.map(({ state }) => state)).toEqual(Array(4).fill('open'));
});

it('puts off what may be put off, and says of danger to life why not', async () => {
  const until = new Date(site.clock.nowMs + 3_600_000).toISOString();
  const { done, failed } = await batch({ do: 'snooze', until, reason: 'works' }, await all());
  expect([done.length, failed.map(({ code }) => code)]).toEqual([3, ['alert.snooze_danger']]);
  const back = await batch(
    { do: 'unsnooze' },
    done.map(({ id, version }) => ({ id, version })),
  );
  expect(back.done.every(({ suppressions }) => suppressions === undefined)).toBe(true);
});

it('has limits', async () => {
  const some = Array.from({ length: 201 }, () => ({ id: randomUUID(), version: 1 }));
  const refused = async (change: object) =>
    codeOf(
      await post({ id: randomUUID(), action: { do: 'acknowledge' }, alerts: some.slice(0, 1), ...change }),
    );
  expect(await refused({ alerts: some })).toBe('api.invalid');
  expect(await refused({ alerts: [] })).toBe('api.invalid');
  expect(await refused({ alerts: [some[0], some[0]] })).toBe('api.invalid');
  expect(await refused({ action: { do: 'resolve', disposition: 'test' } })).toBe('api.invalid');
});
