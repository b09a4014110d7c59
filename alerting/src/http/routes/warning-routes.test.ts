import { randomUUID } from 'node:crypto';
import {
  auditPageSchema,
  type WarningTaken,
  warningListSchema,
  warningTakenSchema,
} from '@watchpost/contracts/api';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toLatLng } from '../../places/plan-projection.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { testSite } from '../../testing/test-site.ts';
import { warningPolicy } from '../../warnings/policy.ts';
import type { Warnings } from '../../warnings/warnings.ts';

let site: HttpSite;
let warnings: Warnings;
beforeAll(async () => {
  site = await HttpSite.open();
  ({ warnings } = site.options());
});
afterAll(() => site.close());
beforeEach(() => decide('met@weather.example', 'accepted'));

/** UTC as CAP writes it. */
const capTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}-00:00`;
const { northWest } = testSite.plan;
const [latitude, longitude] = toLatLng(northWest, [10, 10]);
const here = `<circle>${latitude.toFixed(5)},${longitude.toFixed(5)} 5</circle>`;
const around = (degrees: number) => {
  const corner = (y: number, x: number) =>
    `${(latitude + y * degrees).toFixed(5)},${(longitude + x * degrees).toFixed(5)}`;
  return `<polygon>${[corner(-1, -1), corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)].join(' ')}</polygon>`;
};

interface Sketch {
  sender?: string;
  identifier?: string;
  sentMs?: number;
  status?: string;
  msgType?: string;
  references?: string;
  severity?: string;
  expiresMs?: number | undefined;
  area?: string;
  headline?: string;
  more?: string;
}
/** A message, of which a test says what matters to it. */
function cap(sketch: Sketch = {}): string {
  const { nowMs } = site.clock;
  const one = {
    ...{ sender: 'met@weather.example', identifier: randomUUID(), sentMs: nowMs, status: 'Actual' },
    ...{ msgType: 'Alert', severity: 'Severe', expiresMs: nowMs + 3_600_000, area: here },
    ...{ headline: 'Storm & <hail>', references: '', more: '' },
    ...sketch,
  };
  const escaped = one.headline.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
    <identifier>${one.identifier}</identifier><sender>${one.sender}</sender><sent>${capTime(one.sentMs)}</sent>
    <status>${one.status}</status><msgType>${one.msgType}</msgType><scope>Public</scope>
    ${one.references ? `<references>${one.references}</references>` : ''}
    <info><category>Met</category><event>Storm</event><urgency>Immediate</urgency>
    <severity>${one.severity}</severity><certainty>Likely</certainty>
    ${one.expiresMs === undefined ? '' : `<expires>${capTime(one.expiresMs)}</expires>`}
    <headline>${escaped}</headline><area><areaDesc>North</areaDesc>${one.area}</area></info>${one.more}</alert>`;
}
let address = 0;
const post = (body: string | Buffer, role: 'admin' | 'integrator' | 'officer' = 'integrator') =>
  site.app.inject({
    ...{
      method: 'POST',
      url: '/api/v1/warnings',
      payload: body,
      remoteAddress: `127.0.3.${++address % 250}`,
    },
    headers: { 'content-type': 'application/cap+xml; charset=utf-8', cookie: site.cookie(role) },
  });
async function send(sketch: Sketch = {}): Promise<WarningTaken> {
  const answer = await post(cap(sketch));
  expect(answer.statusCode, answer.body).toBe(200);
  return warningTakenSchema.parse(answer.json());
}
const decide = (sender: string, to: string, role: 'admin' | 'officer' = 'admin') =>
  site.ask('POST', '/api/v1/warnings/senders', role, { sender, to, reason: 'looked at' });
const reference = (identifier: string, sentMs = site.clock.nowMs, sender = 'met@weather.example') =>
  `${sender},${identifier},${capTime(sentMs)}`;
/** Alerts of public warnings: what they say, and whether it still holds. */
const alerts = async () =>
  (
    await site.store.db
      .selectFrom('alert')
      .select(['details', 'condition', 'severity'])
      .where('event_type', '=', 'watchpost.warning.received.v1')
      .orderBy('opened_at')
      .execute()
  ).map(({ details, condition, severity }) => ({
    warning: details.warning,
    text: details.text,
    condition,
    severity,
  }));
const alertOf = async (warning: string) => (await alerts()).filter((one) => one.warning === warning);

test('a warning whose area reaches the site is an alert; an update is the same alert, a cancel ends it', async () => {
  const identifier = randomUUID();
  const taken = await send({ identifier });
  expect(taken.state).toBe('alerted');
  expect(await alertOf(taken.id)).toMatchObject([
    { text: 'Storm & <hail>', condition: 'active', severity: 'high' },
  ]);
  const updated = randomUUID();
  const more = { msgType: 'Update', identifier: updated, references: reference(identifier) };
  expect((await send({ ...more, severity: 'Extreme', headline: 'Worse' })).state).toBe('alerted');
  expect(await alertOf(taken.id)).toMatchObject([
    { text: 'Worse', condition: 'active', severity: 'critical' },
  ]);
  const cancel = { msgType: 'Cancel', references: reference(updated) };
  expect((await send(cancel)).state).toBe('ended');
  expect(await alertOf(taken.id)).toMatchObject([{ condition: 'cleared' }]);
});

test('the same message again changes nothing; another one with its identifier is refused', async () => {
  const identifier = randomUUID();
  const first = await send({ identifier });
  const before = await alerts();
  expect(await send({ identifier })).toEqual(first);
  expect(await alerts()).toEqual(before);
  const other = await post(cap({ identifier, sentMs: site.clock.nowMs + 60_000 }));
  expect([other.statusCode, codeOf(other)]).toEqual([409, 'warning.same_identifier']);
});

test.each([
  ['exercise', { status: 'Exercise' }],
  ['exercise', { status: 'Test' }],
  ['exercise', { status: 'System' }],
  ['exercise', { status: 'Draft' }],
  ['noted', { msgType: 'Ack' }],
  ['elsewhere', { area: '<circle>10,10 200</circle>' }],
  ['elsewhere', { area: '<polygon>10,10 10,11 11,11 10,10</polygon>' }],
  ['elsewhere', { area: '<geocode><valueName>FIPS6</valueName><value>006109</value></geocode>' }],
  ['ended', { msgType: 'Cancel', references: 'met@weather.example,nobody,2026-11-01T08:00:00-00:00' }],
] as const)('%s: %j alerts nobody', async (state, sketch) => {
  const before = await alerts();
  expect((await send(sketch)).state).toBe(state);
  expect(await alerts()).toEqual(before);
});

test('what is over when it comes alerts nobody, and what holds is over at its end, also after a restart', async () => {
  const { nowMs } = site.clock;
  expect((await send({ expiresMs: nowMs - 1_000 })).state).toBe('expired');
  const soon = await send({ expiresMs: nowMs + 60_000 });
  const endless = await send({ expiresMs: undefined });
  site.clock.nowMs += 61_000;
  await site.options().warnings.endOverdue();
  expect(await alertOf(soon.id)).toMatchObject([{ condition: 'cleared' }]);
  expect(await alertOf(endless.id)).toMatchObject([{ condition: 'active' }]);
  site.clock.nowMs += warningPolicy.lifeMs;
  await warnings.endOverdue();
  expect(await alertOf(endless.id)).toMatchObject([{ condition: 'cleared' }]);
  // Before the sessions of this test end.
  site.clock.nowMs = nowMs;
});

test('an area around the site and one within it reach it; an update that reaches it no more ends it', async () => {
  expect((await send({ area: around(0.5) })).state).toBe('alerted');
  const identifier = randomUUID();
  const within = await send({ identifier, area: around(0.00001) });
  expect(within.state).toBe('alerted');
  const away = { msgType: 'Update', references: reference(identifier), area: '<circle>10,10 1</circle>' };
  expect((await send(away)).state).toBe('elsewhere');
  expect(await alertOf(within.id)).toMatchObject([{ condition: 'cleared' }]);
});

test('an unknown sender waits in quarantine until an administrator accepts it; a refused one is heard no more', async () => {
  const sender = 'new@city.example';
  const [holding, over] = [
    await send({ sender }),
    await send({ sender, expiresMs: site.clock.nowMs + 1_000 }),
  ];
  expect([holding.state, over.state]).toEqual(['quarantined', 'quarantined']);
  expect(await alertOf(holding.id)).toEqual([]);
  const list = async () =>
    warningListSchema.parse((await site.ask('GET', '/api/v1/warnings', 'admin')).json());
  expect((await list()).senders.find((one) => one.sender === sender)).toMatchObject({
    state: 'unknown',
    messages: 2,
  });
  // Nobody cancels or updates what others said.
  const identifier = randomUUID();
  const theirs = await send({ identifier });
  site.clock.nowMs += 2_000;
  expect(codeOf(await decide(sender, 'accepted', 'officer'))).toBe('api.forbidden');
  expect((await decide(sender, 'accepted')).statusCode).toBe(204);
  expect(await alertOf(holding.id)).toMatchObject([{ condition: 'active' }]);
  expect(await alertOf(over.id)).toEqual([]);
  await send({ sender, msgType: 'Cancel', references: reference(identifier) });
  expect(await alertOf(theirs.id)).toMatchObject([{ condition: 'active' }]);
  await decide(sender, 'refused');
  expect(await alertOf(holding.id)).toMatchObject([{ condition: 'cleared' }]);
  expect((await send({ sender })).state).toBe('refused');
  const { entries } = auditPageSchema.parse(
    (await site.ask('GET', '/api/v1/audit?action=warning_sender_decided&limit=10', 'admin')).json(),
  );
  expect(
    entries
      .filter(({ subject }) => subject?.id === sender)
      .map(({ details, outcome }) => `${details.to} ${outcome}`),
  ).toEqual([...['refused done', 'accepted done']]);
});

test('quarantine keeps so many and no more', async () => {
  const { db } = site.store;
  const rows = Array.from({ length: warningPolicy.quarantinedAtMost }, (_, index) => ({
    ...{
      site: testSite.id as string,
      id: randomUUID(),
      sender: 'flood@x.example',
      identifier: `flood-${index}`,
    },
    ...{
      sent: new Date(0).toISOString(),
      received_at: new Date(index).toISOString(),
      state: 'quarantined' as const,
    },
    ...{
      warning: randomUUID(),
      expires_at: new Date(0).toISOString(),
      severity: 'minor' as const,
      text: '',
      area: '',
    },
    ...{ signed: false, message: JSON.stringify({}) },
  }));
  await db.insertInto('warning_message').values(rows).execute();
  await send({ sender: 'another@x.example' });
  const { count } = await db
    .selectFrom('warning_message')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('state', '=', 'quarantined')
    .executeTakeFirstOrThrow();
  expect(Number(count)).toBe(warningPolicy.quarantinedAtMost);
  await db.deleteFrom('warning_message').where('sender', 'like', '%@x.example').execute();
});

test.each([
  ['cap.time', '/alert/sent', (xml: string) => xml.replace(/<sent>(.*)-00:00</, '<sent>$1Z<')],
  ['cap.time', '/alert/info/0/expires', (xml: string) => xml.replace(/<expires>[^<]*/, '<expires>tomorrow')],
  [
    'cap.circle',
    '/alert/info/0/area/0/circle/0',
    (xml: string) => xml.replace(/ 5<\/circle>/, ' 5000</circle>'),
  ],
  [
    ...['cap.polygon', '/alert/info/0/area/0/polygon/0'],
    (xml: string) => xml.replace(here, '<polygon>0,0 1,1 1,0 0,1 0,0</polygon>'),
  ],
  [
    'cap.polygon',
    '/alert/info/0/area/0/polygon/0',
    (xml: string) => xml.replace(here, '<polygon>0,0 1,1 1,0 0,1</polygon>'),
  ],
  [
    ...['cap.references', '/alert/references'],
    (xml: string) => xml.replace('<info>', '<references>somebody</references><info>'),
  ],
  ['cap.invalid', '/alert/status', (xml: string) => xml.replace('Actual', 'Real')],
  [
    'cap.malformed',
    undefined,
    (xml: string) => xml.replace('?>', '?><!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
  ],
  ['cap.malformed', undefined, () => '<alert/>'],
] as const)('%s at %s', async (code, path, spoil) => {
  const answer = await post((spoil as (xml: string) => string)(cap()));
  expect([codeOf(answer), answer.json().path]).toEqual([code, path]);
  expect(answer.json().action).not.toBe('');
});

test('who may not, another type, and what is too large bring nothing', async () => {
  expect(codeOf(await post(cap(), 'officer'))).toBe('api.forbidden');
  const json = await site.ask('POST', '/api/v1/warnings', 'integrator', { alert: {} });
  expect(codeOf(json)).toBe('api.content_type');
  expect((await post(Buffer.alloc(300 * 1024, 0x20))).statusCode).toBe(413);
});

test('whatever is sent, the answer is a code and never a failure', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1_200), fc.string({ unit: 'binary', maxLength: 12 }), async (at, text) => {
      const xml = cap({ sender: 'fuzz@x.example' });
      const answer = await post(xml.slice(0, at) + text + xml.slice(at + text.length));
      expect(answer.statusCode, answer.body).toBeLessThan(500);
    }),
    { numRuns: 60 },
  );
});
