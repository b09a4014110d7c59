import { randomUUID } from 'node:crypto';
import {
  alertPageSchema,
  type CandidateCard,
  candidateCardSchema,
  type Role,
  thresholdReportSchema,
} from '@watchpost/contracts/api';
import { entryIdSchema, type ZoneId, zoneIdSchema } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hashPassword } from '../../accounts/password.ts';
import { saveAccount } from '../../store/account-store.ts';
import { insertEntry } from '../../store/list-store.ts';
import { codeOf, testPassword } from '../../testing/http-client.ts';
import { HttpSite, type Method } from '../../testing/http-site.ts';
import { testSite } from '../../testing/test-site.ts';

let site: HttpSite;
/** The alert of the face at the gate. */
let alert: { readonly id: string; readonly version: number };
const cookies = new Map<string, string>();
const photo = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('enrolled')]);
const id = entryIdSchema.parse('entry-1');
const zones = (...names: string[]) => names.map((name) => zoneIdSchema.parse(name));

beforeAll(async () => {
  site = await HttpSite.open();
  const password = await hashPassword(testPassword);
  const people: readonly [string, Role, readonly ZoneId[] | null][] = [
    ['viewer', 'viewer', null],
    ['officer', 'officer', null],
    ['supervisor', 'supervisor', null],
    ['integrator', 'integrator', null],
    ['auditor', 'auditor', null],
    ['admin', 'admin', null],
    ['gate-officer', 'officer', zones('gate')],
    ['gate-supervisor', 'supervisor', zones('gate')],
    ['stores-supervisor', 'supervisor', zones('stores')],
  ];
  for (const [name, role, own] of people) {
    const scope = { roles: { test: role }, ...(own ? { zones: { test: own } } : {}) };
    await saveAccount(site.store.db, { name, password, ...scope });
    const said = { user: name, password: testPassword };
    const [first] = (await site.ask('POST', '/api/v1/session', undefined, said)).cookies;
    cookies.set(name, `${first?.name}=${first?.value}`);
  }
  await site.enroller.enrol(testSite.id, id, [photo]);
  await insertEntry(site.store.db, {
    ...{ site: testSite.id, id, version: 3, list: 'watch', state: 'active', label: 'Man in the red coat' },
    ...{ legalBasis: 'Order 7', authority: 'Court', purpose: 'Theft', reason: 'Stole twice' },
    ...{ instruction: 'Do not stop him; call', area: zones('gate', 'stores'), photos: 1 },
    ...{ expires: '2099-01-01T00:00:00.000Z', review: '2098-01-01T00:00:00.000Z' },
    ...{ author: { account: 'a', name: 'a' }, updatedAt: '2026-01-01T00:00:00.000Z' },
    ...{ activatedAt: '2026-01-01T00:00:00.000Z', endedAt: null, erasedAt: null },
  });
  const page = alertPageSchema.parse((await ask('GET', '/api/v1/alerts?zone=gate', 'admin')).json());
  const found = page.alerts.find(({ eventType }) => eventType === 'watchpost.face.candidate.v1');
  if (!found) throw new Error('no candidate');
  alert = found;
});
afterAll(() => site.close());
beforeEach(async () => {
  const now = (await ask('GET', `/api/v1/alerts/${alert.id}`, 'admin')).json();
  alert = now.alert;
});

const ask = (method: Method, url: string, who: string, payload?: object) =>
  site.ask(method, url, undefined, payload, { cookie: cookies.get(who) ?? '' });
const cardUrl = () => `/api/v1/alerts/${alert.id}/candidate`;
const cardFor = async (who: string): Promise<CandidateCard> =>
  candidateCardSchema.parse((await ask('GET', cardUrl(), who)).json());
const audited = async (action: string) => {
  const { db } = site.store;
  const rows = await db.selectFrom('audit').selectAll().orderBy('position').execute();
  return rows.filter((row) => row.action === action);
};
const say = (who: string, answer: string, change: object = {}) =>
  ask('POST', cardUrl(), who, { id: randomUUID(), version: alert.version, answer, ...change });

it('the card says who it may be to who decides, and its likeness in words of what was measured', async () => {
  const answer = await ask('GET', cardUrl(), 'officer');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(candidateCardSchema.parse(answer.json())).toEqual({
    ...{ alert: alert.id, list: 'watch', answer: null, hidden: null, expected: null },
    similarity: { band: 'strong', cosine: 0.61, threshold: 0.41, limitOneIn: 10_000, chanceOneIn: 20 },
    entry: {
      ...{ label: 'Man in the red coat', reason: 'Stole twice', instruction: 'Do not stop him; call' },
      ...{ photos: 1, record: null },
    },
    may: { answer: ['confirmed', 'refused'], seePhotos: true },
  });
});

it.each([
  ['viewer', null, 'right', []],
  ['integrator', null, 'right', []],
  ['officer', 'without', null, ['confirmed', 'refused']],
  ['supervisor', 'with', null, ['confirmed', 'refused']],
  ['admin', 'with', null, ['confirmed', 'refused']],
  ['auditor', 'with', null, []],
  // It is looked for in their zone; what the list says of it is beyond them, because it reaches further.
  ['gate-officer', 'without', null, ['confirmed', 'refused']],
  ['gate-supervisor', 'without', null, ['confirmed', 'refused']],
] as const)('%s sees of the entry: %s', async (who, entry, hidden, may) => {
  const before = (await audited('candidate_viewed')).length;
  const card = await cardFor(who);
  expect([card.hidden, card.may.answer]).toEqual([hidden, may]);
  expect(card.entry && (card.entry.record ? 'with' : 'without')).toBe(entry);
  expect(card.similarity.band).toBe('strong');
  // A look at nobody is no look.
  expect((await audited('candidate_viewed')).length - before).toBe(entry === null ? 0 : 1);
  const seen = await ask('POST', `${cardUrl()}/photos/0/view`, who, { reason: 'is it him?' });
  const decides = may.length > 0;
  expect(card.may.seePhotos).toBe(decides);
  expect([seen.statusCode, who]).toEqual([decides ? 200 : 403, who]);
});

it('the photo is shown for a reason, kept nowhere, and audited by its entry', async () => {
  const url = `${cardUrl()}/photos/0/view`;
  const none = await ask('POST', url, 'officer', { reason: ' ' });
  expect([none.statusCode, none.json().path]).toEqual([400, '/reason']);
  const seen = await ask('POST', url, 'officer', { reason: 'compare with the gate' });
  expect([seen.rawPayload, seen.headers['content-type'], seen.headers['cache-control']]).toEqual([
    photo,
    'image/jpeg',
    'no-store',
  ]);
  expect((await audited('photo_viewed')).at(-1)).toMatchObject({
    actor: { name: 'officer' },
    reason: 'compare with the gate',
    subject: { kind: 'entry', id },
    outcome: 'done',
  });
  expect(codeOf(await ask('POST', `${cardUrl()}/photos/1/view`, 'officer', { reason: 'more' }))).toBe(
    'api.not_found',
  );
});

it('beyond the zones of a person there is no candidate, and trying is in the audit log', async () => {
  const attempts = [
    [await ask('GET', cardUrl(), 'stores-supervisor'), 'candidate_viewed'],
    [await say('stores-supervisor', 'refused'), 'candidate_answered'],
    [
      await ask('POST', `${cardUrl()}/photos/0/view`, 'stores-supervisor', { reason: 'curious' }),
      'photo_viewed',
    ],
  ] as const;
  for (const [answer, action] of attempts) {
    expect([action, codeOf(answer)]).toEqual([action, 'api.not_found']);
    expect((await audited(action)).at(-1)).toMatchObject({
      actor: { name: 'stores-supervisor' },
      outcome: 'refused',
      subject: { kind: 'alert', id: alert.id },
      details: { code: 'api.not_found' },
    });
  }
});

it.each(['viewer', 'integrator', 'auditor'])(
  '%s may not answer, and trying is in the audit log',
  async (who) => {
    expect(codeOf(await say(who, 'refused'))).toBe('api.forbidden');
    expect((await audited('candidate_answered')).at(-1)).toMatchObject({
      ...{ actor: { name: who }, outcome: 'refused', details: { code: 'api.forbidden' } },
    });
  },
);

it('an answer names what it saw, is taken once, and hides for whom a refused face was taken', async () => {
  const stale = await say('officer', 'refused', { version: alert.version + 1 });
  expect([stale.statusCode, stale.json().path]).toEqual([400, '/version']);
  const request = randomUUID();
  const first = await say('gate-officer', 'confirmed', { id: request, note: 'same scar' });
  expect(first.json().alert).toMatchObject({ state: 'acknowledged', disposition: 'genuine' });
  const again = await say('gate-officer', 'confirmed', { id: request, note: 'same scar' });
  expect(again.json()).toEqual(first.json());
  expect((await cardFor('officer')).may.answer).toEqual(['refused']);
  const late = await say('officer', 'refused');
  expect([late.statusCode, codeOf(late)]).toEqual([409, 'alert.stale']);
  const { version } = first.json().alert;
  const refused = await say('officer', 'refused', { version, note: 'another man' });
  expect(refused.json().alert).toMatchObject({ state: 'resolved', disposition: 'false' });
  expect(refused.json().transitions.at(-1)).toMatchObject({ reason: 'another man', actor: 'officer' });
  for (const who of ['officer', 'admin', 'auditor'])
    expect(await cardFor(who)).toMatchObject({ entry: null, hidden: 'refused', answer: 'refused' });
  expect(codeOf(await ask('POST', `${cardUrl()}/photos/0/view`, 'admin', { reason: 'again' }))).toBe(
    'api.not_found',
  );
  const done = (await audited('candidate_answered')).filter(({ outcome }) => outcome === 'done');
  expect(done.map(({ actor, details }) => [actor, details])).toMatchObject([
    [{ name: 'gate-officer' }, { answer: 'confirmed', device: 'cam1' }],
    [{ name: 'officer' }, { answer: 'refused', device: 'cam1' }],
  ]);
});

it('what is dealt with is shown to who reads the lists, without its photos, and to no officer', async () => {
  const corrected = { id: randomUUID(), version: alert.version, disposition: 'test' };
  expect((await ask('POST', `/api/v1/alerts/${alert.id}/transitions`, 'admin', corrected)).statusCode).toBe(
    200,
  );
  expect(await cardFor('officer')).toMatchObject({ entry: null, hidden: 'done', may: { answer: [] } });
  const kept = await cardFor('supervisor');
  expect([kept.entry?.label, kept.may]).toEqual(['Man in the red coat', { answer: [], seePhotos: false }]);
  const url = `${cardUrl()}/photos/0/view`;
  expect(codeOf(await ask('POST', url, 'supervisor', { reason: 'again' }))).toBe('api.not_found');
  // The list is wider than the zones of this one.
  expect((await cardFor('gate-supervisor')).entry).toBeNull();
  const back = { ...corrected, id: randomUUID(), version: alert.version + 1, disposition: 'false' };
  await ask('POST', `/api/v1/alerts/${alert.id}/transitions`, 'admin', back);
});

it('an alert that is about no face has no card', async () => {
  const page = alertPageSchema.parse((await ask('GET', '/api/v1/alerts?zone=stores', 'admin')).json());
  const other = page.alerts[0]?.id ?? '';
  expect(codeOf(await ask('GET', `/api/v1/alerts/${other}/candidate`, 'admin'))).toBe('api.not_found');
});

it('the report is for who reads the lists, of their zones, and holds numbers only', async () => {
  const url = '/api/v1/threshold-report?days=7';
  for (const who of ['viewer', 'officer', 'integrator', 'gate-officer'])
    expect(codeOf(await ask('GET', url, who))).toBe('api.forbidden');
  for (const who of ['supervisor', 'auditor', 'admin', 'gate-supervisor']) {
    const answer = await ask('GET', url, who);
    const { rows } = thresholdReportSchema.parse(answer.json());
    expect(rows).toMatchObject([
      { device: 'cam1', zone: 'gate', list: 'watch', shown: 1, refused: 1, finding: 'too_few' },
    ]);
    expect(answer.body).not.toContain('entry-1');
  }
  const { rows } = thresholdReportSchema.parse((await ask('GET', url, 'stores-supervisor')).json());
  expect(rows).toEqual([]);
  const wrong = await ask('GET', '/api/v1/threshold-report?days=0', 'admin');
  expect([wrong.statusCode, wrong.json().path]).toEqual([400, '/days']);
});
