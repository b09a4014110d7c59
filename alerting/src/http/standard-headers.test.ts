import { randomUUID } from 'node:crypto';
import { type ListEntry, listEntrySchema, problemSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpSite } from '../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const at = (days: number) => new Date(site.clock.nowMs + days * 86_400_000).toISOString();
const ask = (method: 'GET' | 'POST', url: string, headers: Record<string, string>, payload?: object) =>
  site.app.inject({
    ...{ method, url, headers: { cookie: site.cookie('admin'), ...headers } },
    ...(payload ? { payload } : {}),
  });
const draft = () => ({
  ...{ list: 'watch', label: 'A', legalBasis: 'Order 7', authority: 'Court', purpose: 'Theft' },
  ...{ reason: '', instruction: 'Call', area: ['gate'], expires: at(90), review: at(30) },
});
const made = async (): Promise<ListEntry> =>
  listEntrySchema.parse((await site.ask('POST', '/api/v1/lists', 'admin', draft())).json());
const edit = ({ id }: ListEntry, headers: Record<string, string>, more: object = {}) =>
  ask('POST', `/api/v1/lists/${id}`, headers, { ...draft(), purpose: 'Fraud', ...more });

it('an answer is tagged, and what the caller has already is not sent again', async () => {
  const { id, version } = await made();
  const first = await ask('GET', `/api/v1/lists/${id}`, {});
  const tag = String(first.headers.etag);
  expect(tag).toMatch(new RegExp(`^"v${version}-[\\w-]+"$`));
  const again = await ask('GET', `/api/v1/lists/${id}`, { 'if-none-match': `"x", ${tag}` });
  expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag]);
  expect((await ask('GET', `/api/v1/lists/${id}`, { 'if-none-match': '"v1-other"' })).statusCode).toBe(200);
  // A list has no version: what it looks like is its tag.
  const list = await ask('GET', '/api/v1/sites', {});
  expect(list.headers.etag).toMatch(/^W\/"/);
  expect((await ask('GET', '/api/v1/sites', { 'if-none-match': String(list.headers.etag) })).statusCode).toBe(
    304,
  );
});

it('the version that the caller saw may be said as If-Match, and fails as a precondition', async () => {
  const entry = await made();
  const { etag } = (await ask('GET', `/api/v1/lists/${entry.id}`, {})).headers;
  const changed = await edit(entry, { 'if-match': String(etag) });
  expect([changed.statusCode, changed.json().version]).toEqual([200, entry.version + 1]);
  const stale = await edit(entry, { 'if-match': String(etag) });
  expect([stale.statusCode, stale.json().code, stale.json().status]).toEqual([412, 'list.stale', 412]);
  // Said by a field, it is a conflict as before.
  expect((await edit(entry, {}, { version: entry.version })).statusCode).toBe(409);
  const two = await edit(entry, { 'if-match': String(etag) }, { version: 77 });
  expect([two.statusCode, two.json().path]).toEqual([400, '/version']);
});

it.each(['W/"v1-x"', '*', 'v1', '"1"', '"v1-a", "v2-b"'])('If-Match %s is refused', async (header) => {
  const answer = await edit(await made(), { 'if-match': header });
  expect([answer.statusCode, answer.json().path]).toEqual([400, '/headers/if-match']);
});

it('a condition that a route has no field for is refused, and not forgotten', async () => {
  const rest = { user: 'admin', password: 'wrong' };
  for (const name of ['if-match', 'idempotency-key']) {
    const answer = await ask('POST', '/api/v1/session', { [name]: '"v1-x"' }, rest);
    const { code, path } = answer.json();
    expect([answer.statusCode, code, path]).toEqual([400, 'api.header_unsupported', `/headers/${name}`]);
  }
});

it('what is made under the same key twice is one', async () => {
  const key = randomUUID();
  const silence = {
    ...{ reason: 'the door is repaired', until: at(5).slice(0, 16) },
    match: { zones: ['gate'], devices: null, kinds: null, highest: 'high', danger: false },
  };
  const make = (id: string) => ask('POST', '/api/v1/silences', { 'idempotency-key': id }, silence);
  const answers = [await make(key), await make(`"${key}"`)];
  expect(answers.map(({ statusCode, body }) => [statusCode, JSON.parse(body).code])).toEqual([
    [200, undefined],
    [200, undefined],
  ]);
  const ids = (await ask('GET', '/api/v1/silences', {})).json().silences.map(({ id }: { id: string }) => id);
  expect(ids.filter((id: string) => id === key)).toHaveLength(1);
  const bad = await make('not an id');
  expect([bad.statusCode, bad.json().path]).toEqual([400, '/id']);
});

it('a problem says what RFC 9457 knows, beside what we say', async () => {
  const answer = await ask('GET', '/api/v1/lists/01998f3e-0000-7000-8000-000000000009', {});
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.etag).toBeUndefined();
  const problem = problemSchema.parse(answer.json());
  expect(problem).toMatchObject({
    ...{ type: 'urn:watchpost:error:api.not_found', status: 404, code: 'api.not_found' },
    ...{ title: problem.message, detail: problem.action },
  });
});
