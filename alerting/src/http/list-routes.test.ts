import {
  auditPageSchema,
  listEntrySchema,
  listPageSchema,
  photoAnswerSchema,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../testing/http-client.ts';
import { HttpSite } from '../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const at = (days: number) => new Date(site.clock.nowMs + days * 86_400_000).toISOString();
const draft = () => ({
  ...{ list: 'watch', label: '=Zhang', legalBasis: 'Order 7', authority: 'Court', purpose: 'Theft' },
  ...{ reason: '', instruction: 'Call', area: ['gate'], expires: at(90), review: at(30) },
});
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('photo')]);
const send = (url: string, payload: Buffer, type = 'image/jpeg') =>
  site.app.inject({
    ...{ method: 'POST', url, payload },
    headers: { cookie: site.cookie('admin'), 'content-type': type },
  });
const audit = async (query: string) =>
  auditPageSchema.parse((await site.ask('GET', `/api/v1/audit?${query}`, 'admin')).json()).entries;

it('an entry goes from draft to proposal, its photo is seen for a reason, and each step is audited', async () => {
  const made = listEntrySchema.parse((await site.ask('POST', '/api/v1/lists', 'admin', draft())).json());
  const url = `/api/v1/lists/${made.id}`;
  const { entry } = photoAnswerSchema.parse((await send(`${url}/photos?version=1`, jpeg)).json());
  const waiting = listEntrySchema.parse(
    (await site.ask('POST', `${url}/propose`, 'admin', { version: entry.version })).json(),
  );
  expect(waiting).toMatchObject({ state: 'proposed', missing: ['approval'] });
  const page = listPageSchema.parse((await site.ask('GET', '/api/v1/lists?state=proposed', 'admin')).json());
  expect(page.entries).toMatchObject([{ id: made.id, label: '=Zhang' }]);
  const none = await site.ask('POST', `${url}/photos/0/view`, 'admin', { reason: '' });
  expect([none.statusCode, none.json().path]).toEqual([400, '/reason']);
  const seen = await site.ask('POST', `${url}/photos/0/view`, 'admin', { reason: 'is it him?' });
  expect([seen.rawPayload, seen.headers['cache-control'], seen.headers['content-type']]).toEqual([
    jpeg,
    'no-store',
    'image/jpeg',
  ]);
  const steps = await audit(`subject=${made.id}`);
  expect(steps.map(({ action, outcome }) => `${action} ${outcome}`).reverse()).toEqual([
    'list_entry_edited done',
    'photo_added done',
    'photo_added done',
    'photo_added done',
    'list_entry_proposed done',
    'photo_viewed refused',
    'photo_viewed done',
  ]);
});

it('what is refused is audited, with its code, for who tried it', async () => {
  const made = listEntrySchema.parse((await site.ask('POST', '/api/v1/lists', 'admin', draft())).json());
  const url = `/api/v1/lists/${made.id}`;
  const attempts = [
    [await site.ask('GET', url, 'officer'), 'list_entry_viewed', 'api.forbidden'],
    [await site.ask('GET', '/api/v1/lists/export', 'viewer'), 'exported', 'api.forbidden'],
    [await site.ask('GET', '/api/v1/lists?site=other', 'admin'), 'list_searched', 'api.not_found'],
    [
      await site.ask('POST', `${url}/approve`, 'integrator', { version: 1 }),
      'list_entry_approved',
      'api.forbidden',
    ],
    [await site.ask('POST', `${url}/approve`, 'admin', { version: 1 }), 'list_entry_approved', 'list.state'],
    [await site.ask('POST', url, 'admin', { ...draft(), version: 9 }), 'list_entry_edited', 'list.stale'],
    [await send(`${url}/photos?version=1`, Buffer.from('text')), 'photo_added', 'api.invalid'],
    [await site.ask('GET', '/api/v1/audit', 'officer'), 'audit_read', 'api.forbidden'],
  ] as const;
  const entries = (await audit('outcome=refused')).reverse().slice(-attempts.length);
  attempts.forEach(([answer, action, code], index) => {
    expect([index, codeOf(answer)]).toEqual([index, code]);
    expect(entries[index]).toMatchObject({ action, details: { code }, outcome: 'refused' });
  });
});

it.each([
  ['/api/v1/lists?search=z', '/search'],
  ['/api/v1/lists?limit=1000', '/limit'],
  ['/api/v1/lists?cursor=x', '/cursor'],
  ['/api/v1/audit?action=nothing', '/action'],
  ['/api/v1/audit?before=0', '/before'],
])('%s is refused with the field', async (url, path) => {
  const answer = await site.ask('GET', url, 'admin');
  expect([answer.statusCode, answer.json().code, answer.json().path]).toEqual([400, 'api.invalid', path]);
});

it('a photo comes in a type that no form of another site can send, and not beyond its size', async () => {
  const url = '/api/v1/lists/any/photos?version=1';
  expect(codeOf(await send(url, jpeg, 'text/plain'))).toBe('api.content_type');
  expect(codeOf(await send(url, jpeg, 'multipart/form-data'))).toBe('api.content_type');
  expect(codeOf(await send(url, Buffer.alloc(20 * 1024 * 1024 + 1)))).toBe('wire.too_large');
});

it('an export holds labels and records, without formulas', async () => {
  const answer = await site.ask('GET', '/api/v1/lists/export', 'admin');
  expect(answer.headers['content-type']).toMatch(/^text\/csv/);
  expect(answer.body).toContain(",'=Zhang,");
  expect(await audit('action=exported&outcome=done')).toHaveLength(1);
});

it('reading the log is in the log, page by page', async () => {
  const first = auditPageSchema.parse((await site.ask('GET', '/api/v1/audit?limit=2', 'admin')).json());
  expect(first.entries).toHaveLength(2);
  const next = await site.ask('GET', `/api/v1/audit?limit=2&before=${first.next}`, 'admin');
  const positions = [...first.entries, ...auditPageSchema.parse(next.json()).entries].map(
    (one) => one.position,
  );
  expect(positions).toEqual([0, 1, 2, 3].map((index) => (positions[0] ?? 0) - index));
  expect((await audit('action=audit_read&outcome=done&limit=1'))[0]).toMatchObject({
    actor: { name: 'admin' },
  });
});
