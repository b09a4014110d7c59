import { randomUUID } from 'node:crypto';
import type { Alert, Severity } from '@watchpost/contracts/alert';
import { acknowledgedByLinkSchema, acknowledgeLinkSchema, auditPageSchema } from '@watchpost/contracts/api';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { revise } from '../../alerts/alert-revision.ts';
import { entriesOf } from '../../alerts/change-entry.ts';
import { LinkMaker } from '../../notify/acknowledge-link/link-maker.ts';
import { NoticeSender } from '../../notify/outbox/notice-sender.ts';
import { noticeWriter } from '../../notify/outbox/notice-writer.ts';
import { acknowledgeLinkPolicy, defaultAcknowledgeLink } from '../../notify/policy.ts';
import { findAlert, lockAlert, updateAlert } from '../../store/alert-store.ts';
import { noteVerified, type ReceiverDescription, saveReceiver } from '../../store/receiver-store.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { candidate, wireEvent } from '../../testing/test-events.ts';
import { testInstructions, testSite } from '../../testing/test-site.ts';

let site: HttpSite;
let sender: NoticeSender;
beforeAll(async () => {
  site = await HttpSite.open();
  const nowMs = () => site.clock.nowMs;
  site.incidents.also(noticeWriter({ site: testSite.id, nowMs, written: () => undefined }));
  sender = newSender();
});
afterAll(() => site.close());
// A camera has so many unresolved alerts and no more.
afterEach(() => site.store.db.updateTable('alert').set({ state: 'closed' }).execute());

function newSender(page: string | null = 'https://watch.example'): NoticeSender {
  const console = page ?? undefined;
  const { db } = site.store;
  const nowMs = () => site.clock.nowMs;
  return new NoticeSender({
    ...{ db, channels: site.channels, isAlone: true, logger: pino({ level: 'silent' }) },
    sites: new Map([[testSite.id as string, { site: testSite, instructions: testInstructions, console }]]),
    clocks: { wallMs: nowMs, monotonicMs: nowMs },
    links: new LinkMaker({ db, nowMs }),
  });
}

/** A receiver of a person, with its name as its address. */
async function receive(
  name: string,
  more: Partial<ReceiverDescription> = {},
  isVerified = true,
): Promise<string> {
  const id = randomUUID();
  const address = { kind: 'webhook', url: `https://${name}.example/`, key: 'notify-hook' } as const;
  const plain = { account: 'officer', language: 'en', isFallback: false, cap: null } as const;
  const severities = ['critical', 'high', 'medium', 'low'] as const;
  const { db } = site.store;
  const { nowMs } = site.clock;
  await saveReceiver(db, testSite.id, id, { name, address, ...plain, severities, ...more }, nowMs);
  if (isVerified) await noteVerified(db, testSite.id, id, nowMs);
  return id;
}
const remove = (id: string) => site.store.db.deleteFrom('receiver').where('id', '=', id).execute();

async function change(id: string, parts: Partial<Alert>): Promise<void> {
  await site.store.changes.commit(async (tx, append) => {
    const alert = await lockAlert(tx, testSite.id, id);
    if (!alert) throw new Error('no alert');
    const after = revise(alert, parts, new Date(site.clock.nowMs).toISOString());
    await updateAlert(tx, after);
    await append(entriesOf(alert, after, []));
  });
}

/** Opens an incident of its own and tells of it; its id. */
async function happen(severity: Severity = 'medium'): Promise<string> {
  const time = new Date(site.clock.nowMs).toISOString();
  const sketch = candidate('watch', { epoch: randomUUID().replaceAll('-', ''), device: 'cam1', time });
  const known = await opened();
  await site.take([wireEvent({ ...sketch, data: { ...sketch.data, entry: randomUUID() } } as typeof sketch)]);
  const id = (await opened()).find((one) => !known.includes(one)) ?? '';
  await change(id, { severity });
  await tell();
  return id;
}
const opened = async (): Promise<string[]> =>
  (await site.store.db.selectFrom('alert').select('id').execute()).map(({ id }) => id);
async function tell(by: NoticeSender = sender): Promise<void> {
  for (let before = -1; before !== site.channels.tried.length; ) {
    before = site.channels.tried.length;
    await by.look();
    await by.sent();
  }
}
/** The link that the last notice about an incident carried to a receiver. */
const linkTo = (name: string, incident: string): string | undefined =>
  site.channels.tried.findLast(
    ({ url, notice }) => url === `https://${name}.example/` && notice.subject === incident,
  )?.notice.acknowledge;
const tokenOf = (link: string | undefined): string => link?.split('#')[1] ?? '';
let address = 0;
/** From an address of its own, so that no test takes from the limits of another. */
const post = (what: '' | '/look', token: string, role?: 'officer' | 'supervisor' | 'viewer') =>
  site.app.inject({
    method: 'POST',
    url: `/api/v1/acknowledge-link${what}`,
    headers: { 'content-type': 'application/json', ...(role ? { cookie: site.cookie(role) } : {}) },
    payload: { token },
    remoteAddress: `127.0.1.${++address}`,
  });
const stateOf = async (id: string) => {
  const alert = await findAlert(site.store.db, testSite.id, id);
  return `${alert?.state} ${alert?.acknowledgedBy ?? ''}`.trim();
};

test('a press takes the incident in the name of the person, once; to look, however often, takes nothing', async () => {
  const receiver = await receive('phone');
  const id = await happen();
  const link = linkTo('phone', id);
  expect(link).toMatch(/^https:\/\/watch\.example\/acknowledge#[A-Za-z0-9_-]{100}$/);
  const token = tokenOf(link);
  for (let looks = 0; looks < 3; looks++) {
    const seen = acknowledgeLinkSchema.parse((await post('/look', token)).json());
    expect(seen).toMatchObject({ incident: id, severity: 'medium', needsLogIn: false });
    expect(seen.title).toBe('Watch-list candidate – to be confirmed by a person, Gate');
  }
  for (const method of ['GET', 'HEAD'] as const)
    expect((await site.app.inject({ method, url: `/acknowledge?token=${token}` })).statusCode).toBe(200);
  expect(await stateOf(id)).toBe('open');
  expect(acknowledgedByLinkSchema.parse((await post('', token)).json())).toEqual({ outcome: 'acknowledged' });
  expect(await stateOf(id)).toBe('acknowledged officer');
  const { entries } = auditPageSchema.parse(
    (await site.ask('GET', '/api/v1/audit?action=incident_acknowledged_by_link', 'admin')).json(),
  );
  expect(entries[0]).toMatchObject({
    ...{ actor: { name: 'officer' }, subject: { kind: 'incident', id }, outcome: 'done' },
    details: { by: 'link', channel: 'webhook', loggedIn: false },
  });
  expect(JSON.stringify(entries)).not.toContain(token);
  for (const what of ['', '/look'] as const)
    expect(codeOf(await post(what, token))).toBe('acknowledge.link_used');
  // Taken back, the same link is used all the same; the notice of that has one of its own.
  await change(id, { state: 'open', acknowledgedBy: null });
  await tell();
  expect(codeOf(await post('', token))).toBe('acknowledge.link_used');
  expect((await post('', tokenOf(linkTo('phone', id)))).json()).toEqual({ outcome: 'acknowledged' });
  await remove(receiver);
});

test('two presses at once are one acknowledgement', async () => {
  const receiver = await receive('twice');
  const id = await happen();
  const token = tokenOf(linkTo('twice', id));
  const answers = await Promise.all([1, 2, 3].map(() => post('', token)));
  const outcomes = answers.map((one) => (one.statusCode === 200 ? one.json().outcome : codeOf(one)));
  expect(outcomes.filter((one) => one === 'acknowledged')).toHaveLength(1);
  expect(outcomes.every((one) => ['acknowledged', 'taken', 'acknowledge.link_used'].includes(one))).toBe(
    true,
  );
  await remove(receiver);
});

test('from high on it takes a session of the very person', async () => {
  const receiver = await receive('high');
  const id = await happen('high');
  const token = tokenOf(linkTo('high', id));
  expect((await post('/look', token)).json()).toMatchObject({
    needsLogIn: true,
    place: `/sites/test/alerts/${id}`,
  });
  const refused = await post('', token);
  expect([refused.statusCode, codeOf(refused), refused.json().details]).toEqual([
    ...[401, 'acknowledge.log_in_needed'],
    { place: `/sites/test/alerts/${id}` },
  ]);
  expect(codeOf(await post('', token, 'supervisor'))).toBe('acknowledge.not_yours');
  expect(await stateOf(id)).toBe('open');
  expect((await post('', token, 'officer')).json()).toEqual({ outcome: 'acknowledged' });
  expect(await stateOf(id)).toBe('acknowledged officer');
  await remove(receiver);
});

test('a link is good for a time, while the incident goes on, and for what its notice told of', async () => {
  const receiver = await receive('times');
  const [late, over, rising, theirs] = [await happen(), await happen(), await happen(), await happen()];
  const token = (id: string) => tokenOf(linkTo('times', id));
  await change(over, { state: 'resolved', disposition: 'test' });
  expect(codeOf(await post('', token(over)))).toBe('acknowledge.over');
  const before = token(rising);
  await change(rising, { severity: 'high' });
  expect(codeOf(await post('', before))).toBe('incident.stale');
  expect(await stateOf(rising)).toBe('open');
  await change(theirs, { state: 'acknowledged', acknowledgedBy: 'supervisor' });
  expect((await post('', token(theirs))).json()).toEqual({ outcome: 'taken' });
  expect(await stateOf(theirs)).toBe('acknowledged supervisor');
  site.clock.nowMs += defaultAcknowledgeLink.goodFor - 1_000;
  expect((await post('/look', token(late))).statusCode).toBe(200);
  site.clock.nowMs += 2_000;
  for (const what of ['', '/look'] as const)
    expect(codeOf(await post(what, token(late)))).toBe('acknowledge.link_expired');
  // After its key was erased too.
  site.clock.nowMs += 2 * acknowledgeLinkPolicy.keyPeriodMs;
  expect(codeOf(await post('', token(late)))).toBe('acknowledge.link_expired');
  expect(await stateOf(late)).toBe('open');
  await remove(receiver);
});

test('keys are changed: a link of the period before is good, and older keys are erased', async () => {
  const receiver = await receive('keys');
  const { keyPeriodMs } = acknowledgeLinkPolicy;
  // A minute before the key changes.
  site.clock.nowMs = (Math.floor(site.clock.nowMs / keyPeriodMs) + 1) * keyPeriodMs - 60_000;
  const id = await happen();
  site.clock.nowMs += 120_000;
  const next = await happen();
  const keys = await site.store.db
    .selectFrom('server_key')
    .select('name')
    .where('name', 'like', 'acknowledge-link-%')
    .execute();
  expect(keys).toHaveLength(2);
  for (const one of [id, next])
    expect((await post('', tokenOf(linkTo('keys', one)))).json()).toEqual({ outcome: 'acknowledged' });
  await remove(receiver);
});

test('what is forged, of somebody who left or whose receiver changed, and what is none, acknowledges nothing', async () => {
  const receiver = await receive('forged');
  const id = await happen();
  const token = tokenOf(linkTo('forged', id));
  const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`;
  for (const wrong of [forged, 'AAAA', randomUUID(), token.slice(0, 99)])
    expect(codeOf(await post('', wrong))).toBe('acknowledge.link_invalid');
  expect(codeOf(await post('', '../x'))).toBe('api.invalid');
  const { db } = site.store;
  await db
    .updateTable('account')
    .set({ disabled_at: new Date().toISOString() })
    .where('name', '=', 'officer')
    .execute();
  expect(codeOf(await post('', token))).toBe('acknowledge.not_yours');
  await db.updateTable('account').set({ disabled_at: null }).where('name', '=', 'officer').execute();
  // It is somebody else’s telephone now.
  await db.updateTable('receiver').set({ verified_at: null }).where('id', '=', receiver).execute();
  expect(codeOf(await post('', token))).toBe('acknowledge.link_invalid');
  await remove(receiver);
  expect(codeOf(await post('', token))).toBe('acknowledge.link_invalid');
  expect(await stateOf(id)).toBe('open');
});

test('a room, a topic that others read, an unverified contact and a viewer get no link, nor anybody without a public address or once it is taken', async () => {
  const all = [
    await receive('room', { account: null }),
    await receive('unverified', {}, false),
    await receive('viewer', { account: 'viewer' }),
    await receive('topic', { address: { kind: 'mqtt', receiver: 'siren' } }),
    await receive('person'),
  ];
  const id = await happen();
  for (const name of ['room', 'unverified', 'viewer']) expect(linkTo(name, id), name).toBeUndefined();
  expect(linkTo('person', id)).toBeDefined();
  const topic = site.channels.tried.find(({ url, notice }) => url === 'mqtt' && notice.subject === id);
  expect([topic !== undefined, topic?.notice.acknowledge]).toEqual([true, undefined]);
  await change(id, { state: 'acknowledged', acknowledgedBy: 'officer' });
  await change(id, { state: 'resolved', disposition: 'test' });
  await tell();
  expect(linkTo('person', id)).toBeUndefined();
  const links = sender;
  sender = newSender(null);
  const elsewhere = await happen();
  expect([linkTo('person', elsewhere), site.channels.tried.at(-1)?.notice.subject]).toEqual([
    undefined,
    elsewhere,
  ]);
  sender = links;
  for (const one of all) await remove(one);
});

test('the page says nothing by itself, names both languages, and is told to no other page', async () => {
  for (const url of ['/acknowledge', '/acknowledge.js']) {
    const answer = await site.app.inject({ method: 'GET', url, headers: { 'accept-language': 'zh-CN' } });
    expect([answer.statusCode, answer.headers['referrer-policy']]).toEqual([200, 'no-referrer']);
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
  }
  const { body } = await site.app.inject({ method: 'GET', url: '/acknowledge' });
  expect(body).toContain('I take it');
  expect(body).toContain('我来受理');
  expect(body).not.toMatch(/<script>|onclick=/);
  // Another site makes no browser press.
  const foreign = await site.ask(
    'POST',
    '/api/v1/acknowledge-link',
    undefined,
    { token: 'AAAA' },
    {
      ...{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    },
  );
  expect(codeOf(foreign)).toBe('api.cross_site');
});

test('somebody who tries many is stopped', async () => {
  let last = '';
  for (let tries = 0; tries <= acknowledgeLinkPolicy.perMinute; tries++)
    last = codeOf(
      await site.app.inject({
        ...{ method: 'POST', url: '/api/v1/acknowledge-link', payload: { token: 'AAAA' } },
        ...{ headers: { 'content-type': 'application/json' }, remoteAddress: '127.0.2.1' },
      }),
    );
  expect(last).toBe('api.too_many_requests');
});
