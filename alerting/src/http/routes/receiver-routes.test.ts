import { randomUUID } from 'node:crypto';
import {
  auditPageSchema,
  noticePageSchema,
  type Receiver,
  receiverListSchema,
  receiverSchema,
} from '@watchpost/contracts/api';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IncidentBook } from '../../incidents/incident-book.ts';
import { NoticeSender } from '../../notify/outbox/notice-sender.ts';
import { noticeWriter } from '../../notify/outbox/notice-writer.ts';
import { siteDirectory } from '../../places/site-directory.ts';
import { defaultPolicy } from '../../policy.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { candidate, wireEvent } from '../../testing/test-events.ts';
import { testInstructions, testSite } from '../../testing/test-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const webhook = (key: string, url: unknown = 'https://hook.example/') => ({ kind: 'webhook', url, key });
const request = (changed: object = {}) => ({
  ...{ id: randomUUID(), name: 'Fire post', language: 'en', severities: ['critical', 'high'] },
  address: webhook('notify-hook'),
  ...changed,
});
const save = async (changed: object = {}) =>
  receiverSchema.parse((await site.ask('POST', '/api/v1/receivers', 'supervisor', request(changed))).json());
const list = async (): Promise<Receiver[]> =>
  receiverListSchema.parse((await site.ask('GET', '/api/v1/receivers', 'admin')).json()).receivers;
const audited = async (query: string) =>
  auditPageSchema
    .parse((await site.ask('GET', `/api/v1/audit?limit=200&${query}`, 'admin')).json())
    .entries.filter(({ action }) => action.startsWith('receiver'));

it('a receiver is made once, changed, tested and erased, and each is audited without its address', async () => {
  const asked = request();
  const made = await save(asked);
  expect(made).toMatchObject({ cap: 20, fallback: false, verifiedAt: null, fault: null });
  expect(await save(asked)).toEqual(made);
  const tested = await site.ask('POST', `/api/v1/receivers/${made.id}/test`, 'supervisor', {});
  expect(tested.json()).toEqual({ outcome: 'sent', code: null });
  const [test] = site.channels.tried;
  expect(test?.notice).toMatchObject({ kind: 'test', title: 'Test notice, Test site' });
  expect((await list()).find(({ id }) => id === made.id)?.verifiedAt).not.toBeNull();
  const changed = await save({ ...asked, severities: ['critical'], language: 'zh-CN', cap: null });
  expect(changed).toMatchObject({ severities: ['critical'], cap: null, verifiedAt: null });
  expect((await site.ask('DELETE', `/api/v1/receivers/${made.id}`, 'supervisor')).statusCode).toBe(204);
  expect(codeOf(await site.ask('DELETE', `/api/v1/receivers/${made.id}`, 'supervisor'))).toBe(
    'api.not_found',
  );
  expect((await list()).map(({ id }) => id)).not.toContain(made.id);
  const entries = await audited('outcome=done');
  expect(entries.map(({ action }) => action).sort()).toEqual([
    ...['receiver_removed', 'receiver_saved', 'receiver_saved'],
    ...['receiver_tested', 'receiver_tested'],
  ]);
  expect(JSON.stringify(entries)).not.toMatch(/hook\.example|notify-hook/);
});

it('a receiver of a person is that of an account of the site, and goes with it', async () => {
  const account = await site.store.db
    .selectFrom('account')
    .select(['id', 'name'])
    .where('name', '=', 'viewer')
    .executeTakeFirstOrThrow();
  const { id } = await save({ account: account.id });
  expect((await list()).find((one) => one.id === id)?.account).toBe(account.id);
  const erased = site.store.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('account').where('name', '=', account.name).execute();
    const left = await tx.selectFrom('receiver').select('id').where('id', '=', id).execute();
    expect(left).toEqual([]);
    throw new Error('taken back');
  });
  await expect(erased).rejects.toThrow('taken back');
  await site.ask('DELETE', `/api/v1/receivers/${id}`, 'supervisor');
});

it('a receiver of a person is verified by the code that it was sent, not by a test; tries are counted', async () => {
  const account = await site.store.db
    .selectFrom('account')
    .select('id')
    .where('name', '=', 'officer')
    .executeTakeFirstOrThrow();
  const { id } = await save({ account: account.id });
  const verified = async () => (await list()).find((one) => one.id === id)?.verifiedAt;
  const send = () => site.ask('POST', `/api/v1/receivers/${id}/code`, 'supervisor', {});
  const type = (code: string) => site.ask('POST', `/api/v1/receivers/${id}/verify`, 'supervisor', { code });
  const sent = () => /\d{6}/.exec(site.channels.tried.at(-1)?.notice.body ?? '')?.[0] ?? '';
  await site.ask('POST', `/api/v1/receivers/${id}/test`, 'supervisor', {});
  expect(await verified()).toBeNull();
  expect((await send()).json()).toEqual({ outcome: 'sent', code: null });
  const first = sent();
  const wrong = first === '000000' ? '000001' : '000000';
  for (let tries = 0; tries < 5; tries++) expect(codeOf(await type(wrong))).toBe('notify.code_wrong');
  // The right one, too late.
  expect(codeOf(await type(first))).toBe('notify.code_wrong');
  await send();
  const { nowMs } = site.clock;
  site.clock.nowMs = nowMs + 11 * 60_000;
  expect(codeOf(await type(sent()))).toBe('notify.code_wrong');
  site.clock.nowMs = nowMs;
  expect(receiverSchema.parse((await type(sent())).json()).verifiedAt).not.toBeNull();
  // Once.
  expect(codeOf(await type(sent()))).toBe('notify.code_wrong');
  expect(JSON.stringify(await audited('outcome=done'))).not.toContain(sent());
  await site.ask('DELETE', `/api/v1/receivers/${id}`, 'supervisor');
});

it('a test that fails says why, and the receiver counts as untested', async () => {
  const { id } = await save({ address: webhook('notify-hook', 'https://wrong.example/') });
  site.channels.answer('https://wrong.example/', () => ({ outcome: 'refused', code: 'notify.credentials' }));
  const tested = await site.ask('POST', `/api/v1/receivers/${id}/test`, 'supervisor', {});
  expect(tested.json()).toEqual({ outcome: 'refused', code: 'notify.credentials' });
  expect((await list()).find((one) => one.id === id)?.verifiedAt).toBeNull();
  await site.ask('DELETE', `/api/v1/receivers/${id}`, 'supervisor');
});

it('who may not manage receivers is refused, and that is audited', async () => {
  for (const role of ['viewer', 'officer', 'integrator', 'auditor'] as const)
    for (const [method, url, body] of [
      ['GET', '/api/v1/receivers', undefined],
      ['GET', '/api/v1/notices', undefined],
      ['POST', '/api/v1/receivers', request()],
      ['POST', `/api/v1/receivers/${randomUUID()}/test`, {}],
      ['DELETE', `/api/v1/receivers/${randomUUID()}`, undefined],
    ] as const)
      expect([role, url, codeOf(await site.ask(method, url, role, body))]).toEqual([
        role,
        url,
        'api.forbidden',
      ]);
  expect(await audited('outcome=refused')).not.toEqual([]);
});

it.each([
  // Whoever chooses where a secret is sent chooses among those that are for it.
  [{ address: webhook('broker.password') }, '/address'],
  [{ address: webhook('notify-hook', { secret: 'oidc' }) }, '/address'],
  [{ address: { kind: 'wecom', robot: 'server.key' } }, '/address'],
  [{ address: { kind: 'dingtalk', robot: 'notify-robot', key: 'server.key' } }, '/address'],
  [
    { address: { kind: 'ntfy', server: 'https://ntfy.example', topic: 'a', token: 'server.key' } },
    '/address',
  ],
  [{ address: { kind: 'ntfy', server: 'https://ntfy.example', topic: { secret: 'x' } } }, '/address'],
  [{ address: webhook('notify-hook', 'https://user:word@hook.example/') }, '/address/url'],
  [{ address: { kind: 'pigeon' } }, '/address/kind'],
  [{ severities: ['grave'] }, '/severities/0'],
  [{ language: 'fr' }, '/language'],
  [{ cap: 0 }, '/cap'],
  [{ name: ' ' }, '/name'],
  [{ id: '1' }, '/id'],
  [{ account: randomUUID() }, '/account'],
])('%j is refused with the field', async (changed, path) => {
  const answer = await site.ask('POST', '/api/v1/receivers', 'supervisor', request(changed));
  expect([answer.statusCode, codeOf(answer), answer.json().path]).toEqual([400, 'api.invalid', path]);
});

it('the log says of each notice what became of it, in pages', async () => {
  const { id } = await save({ severities: ['critical', 'high', 'medium', 'low'] });
  const { nowMs } = site.clock;
  const book = new IncidentBook({
    directory: siteDirectory(testSite),
    policy: defaultPolicy.incidents,
    nowMs: () => nowMs,
  });
  book.also(noticeWriter({ site: testSite.id, nowMs: () => nowMs, written: () => undefined }));
  const unlisten = site.store.changes.also(book.write);
  const sender = new NoticeSender({
    ...{ db: site.store.db, channels: site.channels, isAlone: true, logger: pino({ level: 'silent' }) },
    sites: new Map([
      [testSite.id as string, { site: testSite, instructions: testInstructions, console: undefined }],
    ]),
    clocks: { wallMs: () => nowMs, monotonicMs: () => 0 },
  });
  for (const entry of ['one', 'two', 'three']) {
    const sketch = candidate('watch', { epoch: randomUUID().replaceAll('-', ''), device: 'cam1' });
    await site.take([wireEvent({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch)]);
  }
  unlisten();
  await sender.look();
  await sender.sent();
  const read = async (query = '') =>
    noticePageSchema.parse((await site.ask('GET', `/api/v1/notices?receiver=${id}${query}`, 'admin')).json());
  const first = await read('&limit=2');
  expect(first.notices.map(({ channel }) => channel)).toEqual(['webhook', 'webhook']);
  const second = await read(`&limit=2&cursor=${first.next}`);
  const all = [...first.notices, ...second.notices];
  expect([new Set(all.map((one) => one.id)).size, second.next]).toEqual([3, null]);
  expect(all.map(({ state }) => state).sort()).toEqual(['sent', 'waiting', 'waiting']);
  const [some] = all;
  expect((await read(`&subject=${some?.subject}`)).notices).toEqual([some]);
});
