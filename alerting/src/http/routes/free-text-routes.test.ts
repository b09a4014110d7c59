import { randomUUID } from 'node:crypto';
import {
  alertPageSchema,
  auditPageSchema,
  freeTextFoundSchema,
  freeTextStruckSchema,
  incidentPageSchema,
  type Role,
} from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeForeignThings } from '../../testing/foreign-things.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
let alert = { id: '', version: 0 };
const post = async (url: string, body: object, role: Role = 'supervisor') => {
  const answer = await site.ask('POST', `/api/v1${url}`, role, body);
  return answer.json();
};
const find = async (words: string) => freeTextFoundSchema.parse(await post('/free-text/find', { words }));
const strike = async (body: object) =>
  freeTextStruckSchema.parse(await post('/free-text/strike', { reason: 'asked for by the person', ...body }));
const kinds = (found: Awaited<ReturnType<typeof find>>) => found.texts.map(({ kind }) => kind).toSorted();

/** Makes an alert, with its event and its history, one that people reported. */
async function report(id: string, text: string): Promise<void> {
  const type = 'watchpost.report.received.v1';
  await site.store.db.transaction().execute(async (tx) => {
    await sql`set local watchpost.forgetting = 'on'`.execute(tx);
    const json = sql`${JSON.stringify({ category: 'medical', text })}::jsonb`;
    await sql`update alert set event_type = ${type}, details = ${json} where id = ${id}`.execute(tx);
    await sql`update alert_change set snapshot = jsonb_set(snapshot, '{details}', ${json})
      where alert = ${id} and snapshot is not null`.execute(tx);
    await sql`update event set type = ${type}, data = ${json} where alert = ${id}`.execute(tx);
  });
}

/** Somebody is named wherever people write. */
beforeAll(async () => {
  site = await HttpSite.open();
  await makeForeignThings(site);
  const { alerts } = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
  const [first] = alerts;
  if (!first) throw new Error('no alert');
  alert = first;
  await post(`/alerts/${first.id}/transitions`, {
    ...{ id: randomUUID(), version: first.version, to: 'acknowledged' },
    reason: 'It was Olga Petrova again, by the gate.',
  });
  const page = await site.ask('GET', '/api/v1/incidents', 'admin');
  const [incident] = incidentPageSchema.parse(page.json()).incidents;
  await post(`/incidents/${incident?.id}/comments`, {
    id: randomUUID(),
    text: 'OLGA PETROVA was told to leave',
  });
  await post('/silences', {
    ...{ id: randomUUID(), match: { highest: 'high' }, until: new Date(site.clock.nowMs + 3_600_000) },
    reason: 'Olga Petrova’s wedding',
  });
  await report(alerts[1]?.id ?? '', 'Olga Petrova lies on the stairs');
});
afterAll(() => site.close());

it('finds a name wherever it was written, whatever its case, and says what the audit log keeps', async () => {
  const found = await find('olga petrova');
  expect(kinds(found)).toEqual(['alert_step', 'incident_note', 'report', 'silence_reason']);
  expect([found.more, found.audited]).toEqual([false, 1]);
  expect((await find('100%')).texts).toEqual([]);
});

it('strikes the name out and leaves the rest, in the history of the alert and of the incident too', async () => {
  const { texts } = await find('Olga Petrova');
  const places = texts.map(({ kind, id }) => ({ kind, id }));
  const missing = { kind: 'offer_note', id: randomUUID() };
  const other = { kind: 'silence_reason', id: '17' };
  const answer = await strike({ words: 'Olga Petrova', places: [...places, missing, other] });
  expect(answer).toEqual({ struck: 4 });
  expect((await find('olga')).texts).toEqual([]);
  const detail = await site.ask('GET', `/api/v1/alerts/${alert.id}`, 'officer');
  expect(detail.body).toContain('It was ▇▇▇ again, by the gate.');
  const everything = JSON.stringify([
    await site.store.db.selectFrom('event').selectAll().execute(),
    await site.store.db.selectFrom('alert').selectAll().execute(),
    await site.store.db.selectFrom('alert_change').selectAll().execute(),
    await site.store.db.selectFrom('incident_note').selectAll().execute(),
  ]);
  expect(everything).toContain('▇▇▇ lies on the stairs');
  expect(everything).not.toMatch(/petrova/i);
  // A repeat finds nothing to do.
  expect(await strike({ words: 'Olga Petrova', places })).toEqual({ struck: 0 });
});

it('strikes a whole text out where the words alone would not do', async () => {
  const page = await site.ask('GET', '/api/v1/incidents', 'admin');
  const [incident] = incidentPageSchema.parse(page.json()).incidents;
  const text = 'the tall man (Mr. X.) with the blue van';
  await post(`/incidents/${incident?.id}/comments`, { id: randomUUID(), text });
  const { texts } = await find('(mr. x.)');
  const places = texts.map(({ kind, id }) => ({ kind, id }));
  expect(await strike({ words: '(Mr. X.)', whole: true, places })).toEqual({ struck: 1 });
  expect((await find('blue van')).texts).toEqual([]);
});

it('is in the audit log with its places and its reason, and never with the name', async () => {
  const log = auditPageSchema.parse((await site.ask('GET', '/api/v1/audit?limit=200', 'admin')).json());
  const own = log.entries.filter(({ action }) => action.startsWith('texts_'));
  expect(new Set(own.map(({ action }) => action))).toEqual(new Set(['texts_searched', 'texts_struck']));
  const first = own.findLast(({ action }) => action === 'texts_struck');
  expect(first).toMatchObject({ reason: 'asked for by the person', details: { struck: 4, whole: false } });
  expect(first?.details.places).toContainEqual(expect.stringMatching(/^alert_step \d+$/));
  expect(JSON.stringify(own)).not.toMatch(/petrova|blue van/i);
});

it('is for who erases people: nobody else, and no program', async () => {
  for (const role of ['viewer', 'officer', 'auditor', 'integrator'] as const)
    expect((await site.ask('POST', '/api/v1/free-text/find', role, { words: 'Olga' })).statusCode).toBe(403);
});
