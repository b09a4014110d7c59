import {
  auditPageSchema,
  type Role,
  secretAnswerSchema,
  siteAppliedSchema,
  siteFileViewSchema,
  sitePlanSchema,
} from '@watchpost/contracts/api';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

const sample = { timeZone: 'Asia/Shanghai', devices: [], privacy: [{ purpose: 'theft' }] };
let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
  site.siteEditor.reset(sample);
});
afterAll(() => site.close());

const file = async () =>
  siteFileViewSchema.parse((await site.ask('GET', '/api/v1/site-file', 'admin')).json());
const ofSite = { path: ['timeZone'], value: 'Europe/Berlin' };
const ofPrivacy = { path: ['privacy', 0, 'purpose'], value: 'people who stole here' };
const send = async (step: 'plan' | 'apply', role: Role, ...edits: object[]) =>
  site.ask('POST', `/api/v1/site-file/${step}`, role, { basedOn: (await file()).digest, edits });
const newest = async (limit = 2) =>
  auditPageSchema.parse((await site.ask('GET', `/api/v1/audit?limit=${limit}`, 'admin')).json()).entries;

it.each([
  ['integrator', ofSite, 200],
  ['integrator', ofPrivacy, 403],
  ['auditor', ofPrivacy, 200],
  ['auditor', ofSite, 403],
  ['admin', ofPrivacy, 200],
  ['viewer', ofSite, 403],
  ['officer', ofSite, 403],
  ['supervisor', ofPrivacy, 403],
] as const)('as %s, a plan of %j is answered %i', async (role, edit, status) => {
  expect((await send('plan', role, edit)).statusCode).toBe(status);
});

it.each(['integrator', 'auditor'] as const)(
  'a change of both kinds needs both rights, not %s',
  async (role) => {
    site.siteEditor.reset(sample);
    const { digest } = await file();
    const answer = await send('apply', role, ofSite, ofPrivacy);
    const permission = role === 'auditor' ? 'site.edit' : 'privacy.edit';
    expect(answer.json()).toMatchObject({ code: 'api.forbidden', details: { permission } });
    expect((await file()).digest).toBe(digest);
    const [entry] = await newest();
    expect(entry).toMatchObject({
      ...{ action: 'site_changed', outcome: 'refused', actor: { name: role }, site: 'test' },
      details: { code: 'api.forbidden', permission },
    });
  },
);

it('a change is audited under what it changes, and put into force after its answer', async () => {
  site.siteEditor.reset(sample);
  const { digest } = await file();
  const before = site.siteEditor.putsIntoForce;
  const applied = siteAppliedSchema.parse((await send('apply', 'admin', ofSite, ofPrivacy)).json());
  expect((await file()).digest).toBe(applied.digest);
  await expect.poll(() => site.siteEditor.putsIntoForce).toBe(before + 1);
  const entries = await newest(4);
  const siteEntry = { paths: ['/timeZone'], edits: 1, before: digest };
  const privacyEntry = { paths: ['/privacy/0/purpose'], edits: 1, before: digest };
  const { digest: after } = applied;
  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    ['site_changed', { ...siteEntry, step: 'finished', after }],
    ['privacy_changed', { ...privacyEntry, step: 'finished', after }],
    ['site_changed', { ...siteEntry, step: 'begun' }],
    ['privacy_changed', { ...privacyEntry, step: 'begun' }],
  ]);
  expect(entries.every(({ outcome }) => outcome === 'done')).toBe(true);
  expect(JSON.stringify(entries)).not.toContain('people who stole here');
});

it('what is refused is not put into force, and is audited with its code', async () => {
  const before = site.siteEditor.putsIntoForce;
  const stale = { basedOn: 'a'.repeat(64), edits: [ofSite] };
  const answer = await site.ask('POST', '/api/v1/site-file/apply', 'integrator', stale);
  expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'site.changed_meanwhile']);
  const broken = await send('apply', 'integrator', { path: ['timeZone'], value: 'Mars' });
  expect([broken.statusCode, broken.json().path]).toEqual([422, '/timeZone']);
  expect((await newest(4)).map(({ outcome, details }) => [outcome, details.step, details.code])).toEqual([
    ['refused', 'failed', 'site.edit_refused'],
    ['done', 'begun', undefined],
    ['refused', 'failed', 'site.changed_meanwhile'],
    ['done', 'begun', undefined],
  ]);
  expect(site.siteEditor.putsIntoForce).toBe(before);
  const plan = sitePlanSchema.parse(
    (await send('plan', 'admin', { path: ['timeZone'], value: 'Mars' })).json(),
  );
  expect(plan).toMatchObject({ outcome: 'refused', mistakes: [{ section: 'timeZone' }] });
});

it('a secret is written, named and audited by its name, and in no answer and no log', async () => {
  const value = 'correct horse';
  const answer = await site.ask('PUT', '/api/v1/secrets/camera-1', 'integrator', { value });
  const { secret } = secretAnswerSchema.parse(answer.json());
  expect(site.siteEditor.secrets.get(secret)).toBe(value);
  const [entry] = await newest();
  expect(entry).toMatchObject({
    ...{ action: 'secret_written', subject: { kind: 'secret', id: 'camera-1' } },
    details: { step: 'finished', secret },
  });
  const shown = [answer.body, JSON.stringify(await file()), JSON.stringify(entry), ...site.lines];
  expect(shown.join(' ')).not.toContain(value);
  for (const role of ['viewer', 'officer', 'supervisor', 'auditor'] as const)
    expect((await site.ask('PUT', '/api/v1/secrets/camera-1', role, { value })).statusCode).toBe(403);
  const odd = await site.ask('PUT', '/api/v1/secrets/..%2fserver', 'admin', { value });
  expect(odd.statusCode).toBe(400);
});

describe('what ends between the writing and its answer', () => {
  afterEach(() => {
    site.siteEditor.afterWrite = undefined;
  });

  it.each([
    ['site_changed', 'a change of the file', () => send('apply', 'admin', ofSite)],
    [
      'secret_written',
      'a secret',
      () => site.ask('PUT', '/api/v1/secrets/camera-2', 'admin', { value: 'a secret' }),
    ],
  ] as const)('stands in the audit log as begun: %s', async (action, _what, ask) => {
    site.siteEditor.reset(sample);
    const lost = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    site.siteEditor.afterWrite = async () => {
      written.resolve();
      await lost.promise;
    };
    const answer = ask();
    await written.promise;
    // As whoever starts again after a kill at this moment finds it.
    expect((await newest(1))[0]).toMatchObject({
      action,
      actor: { name: 'admin' },
      details: { step: 'begun' },
    });
    lost.reject(new Error('the line broke'));
    expect((await answer).statusCode).toBe(500);
    expect((await newest(1))[0]).toMatchObject({
      ...{ action, outcome: 'refused', details: { step: 'failed', code: 'api.internal' } },
    });
  });

  it('is not even tried where it cannot be written down', async () => {
    site.siteEditor.reset(sample);
    const { digest } = await file();
    await sql`alter table audit rename to audit_away`.execute(site.store.db);
    const answer = await send('apply', 'admin', ofSite).finally(() =>
      sql`alter table audit_away rename to audit`.execute(site.store.db),
    );
    expect([answer.statusCode, (await file()).digest]).toEqual([500, digest]);
  });
});

it('a site that is somebody else’s is none, and who asks is written down', async () => {
  for (const [method, url] of [
    ['GET', '/api/v1/site-file'],
    ['POST', '/api/v1/site-file/apply'],
    ['PUT', '/api/v1/secrets/camera-1'],
  ] as const) {
    const body = method === 'GET' ? undefined : { basedOn: 'a'.repeat(64), edits: [ofSite] };
    const answer = await site.ask(method, `${url}?site=elsewhere`, 'integrator', body);
    expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'api.not_found']);
  }
  expect((await newest()).every(({ outcome }) => outcome === 'refused')).toBe(true);
});

it.each([
  ['no edit', []],
  ['too many', Array.from({ length: 201 }, () => ofSite)],
  ['no path', [{ path: [], value: 1 }]],
  ['a part that is no name', [{ path: ['__pro to__'], value: 1 }]],
  ['a negative index', [{ path: ['zones', -1], value: 1 }]],
  ['an unknown field', [{ ...ofSite, force: true }]],
])('a change with %s is refused', async (_what, edits) => {
  expect((await send('apply', 'admin', ...edits)).statusCode).toBe(400);
});
