import { randomUUID } from 'node:crypto';
import {
  alertDetailSchema,
  alertPageSchema,
  type Role,
  silenceDetailSchema,
  silenceListSchema,
  silencePreviewSchema,
} from '@watchpost/contracts/api';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DueKind } from '../../jobs/due-step.ts';
import { DueWorker } from '../../jobs/due-worker.ts';
import { silenceNoticeOf } from '../../silences/silence-notice.ts';
import { SilenceWork } from '../../silences/silence-work.ts';
import { saveReceiver } from '../../store/receiver-store.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { testInstructions, testSite } from '../../testing/test-site.ts';

let site: HttpSite;
const hourMs = 3_600_000;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const get = (url: string, role: Role = 'officer') => site.ask('GET', url, role);
const post = (url: string, body: object, role: Role = 'officer') => site.ask('POST', url, role, body);
const ahead = (ms: number): string => new Date(site.clock.nowMs + ms).toISOString();
const request = (changed: object = {}) => ({
  ...{ id: randomUUID(), match: { highest: 'critical' }, until: ahead(4 * hourMs) },
  reason: 'works at the gate',
  ...changed,
});
const make = async (changed: object = {}, role: Role = 'officer') => {
  const answer = await post('/api/v1/silences', request(changed), role);
  expect(answer.json()).toMatchObject({ version: 1 });
  return silenceDetailSchema.parse(answer.json());
};
const end = (id: string, version = 1) =>
  post(`/api/v1/silences/${id}/end`, { version, reason: 'the works are done' });

it('a silence says who made it, why and until when; a repeat of the request makes no second one', async () => {
  const asked = request();
  const first = silenceDetailSchema.parse((await post('/api/v1/silences', asked)).json());
  expect(first).toMatchObject({ state: 'active', made: { by: 'officer' }, until: asked.until, hides: 0 });
  expect((await post('/api/v1/silences', asked)).json()).toEqual(first);
  expect(codeOf(await post('/api/v1/silences', { ...asked, reason: 'something else' }))).toBe('api.invalid');
  const listed = async (query: string) =>
    silenceListSchema.parse((await get(`/api/v1/silences${query}`)).json()).silences.map(({ id }) => id);
  expect(await listed('')).toContain(first.id);
  expect((await end(first.id)).json()).toMatchObject({ state: 'ended', ended: { by: 'officer' } });
  expect(await listed('')).not.toContain(first.id);
  expect(await listed('?ended=yes')).toContain(first.id);
});

it('an end is mandatory, ahead, and no more than thirty days off', async () => {
  const code = async (changed: object) => codeOf(await post('/api/v1/silences', request(changed)));
  expect(await code({ until: undefined })).toBe('api.invalid');
  expect(await code({ until: ahead(-hourMs) })).toBe('silence.period');
  expect(await code({ until: ahead(31 * 24 * hourMs) })).toBe('silence.period');
  expect(await code({ from: ahead(2 * hourMs), until: ahead(hourMs) })).toBe('silence.period');
  expect(await code({ reason: ' ' })).toBe('api.invalid');
  expect(await code({ match: { highest: 'high', zones: ['nowhere'] } })).toBe('silence.unknown');
});

it('two changes at once end in a code, and each is in the audit log', async () => {
  const { id } = await make();
  const change = (version: number, ms: number) =>
    post(`/api/v1/silences/${id}`, { version, until: ahead(ms), reason: 'takes longer' });
  const answers = await Promise.all([change(1, 5 * hourMs), change(1, 6 * hourMs)]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  expect(codeOf(answers.find(({ statusCode }) => statusCode === 409) ?? answers[0])).toBe('silence.changed');
  await end(id, 2);
  const audit = await get(`/api/v1/audit?subject=${id}`, 'auditor');
  const said = (audit.json() as { entries: { action: string; outcome: string }[] }).entries.map(
    ({ action, outcome }) => `${action} ${outcome}`,
  );
  expect(said).toEqual(
    expect.arrayContaining(['silence_made done', 'silence_changed done', 'silence_ended done']),
  );
});

it('danger to life is signed by a supervisor who did not write it; another end takes the signature back', async () => {
  const { id } = await make({ match: { highest: 'critical', danger: true } }, 'supervisor');
  const sign = (version: number, role: Role) => post(`/api/v1/silences/${id}/sign`, { version }, role);
  expect(codeOf(await sign(1, 'officer'))).toBe('api.forbidden');
  expect(codeOf(await sign(1, 'supervisor'))).toBe('silence.own_signature');
  expect((await sign(1, 'admin')).json()).toMatchObject({ signed: { by: 'admin' }, version: 2 });
  const longer = { version: 2, until: ahead(8 * hourMs), reason: 'takes longer' };
  expect((await post(`/api/v1/silences/${id}`, longer, 'supervisor')).json()).toMatchObject({ signed: null });
  await end(id, 3);
  const plain = await make();
  const nothing = await post(`/api/v1/silences/${plain.id}/sign`, { version: 1 }, 'supervisor');
  expect(codeOf(nothing)).toBe('silence.nothing_to_sign');
  await end(plain.id);
});

it('a preview says what it would hide now, would have hidden in seven days, and leaves out', async () => {
  const preview = async (match: object) => {
    const answer = await post('/api/v1/silences/preview', { match, until: ahead(hourMs) });
    return silencePreviewSchema.parse(answer.json());
  };
  const all = await preview({ highest: 'critical' });
  const { alerts } = alertPageSchema.parse((await get('/api/v1/alerts')).json());
  const dangerous = alerts.filter(({ details }) => details.kind === 'smoke').length;
  expect(dangerous).toBeGreaterThan(0);
  expect(all).toMatchObject({ now: alerts.length - dangerous, danger: dangerous, days: 7, capped: false });
  expect((await preview({ highest: 'critical', danger: true })).now).toBe(alerts.length);
  expect((await preview({ highest: 'low', devices: [alerts[0]?.device] })).now).toBeLessThan(all.now);
});

it('an alert is put off by name and until a time, and that is taken back; danger to life is not', async () => {
  const { alerts } = alertPageSchema.parse((await get('/api/v1/alerts')).json());
  const smoke = alerts.find(({ details }) => details.kind === 'smoke');
  const other = alerts.find(({ details }) => details.kind === undefined || details.kind === 'door');
  if (!smoke || !other) throw new Error('not these alerts');
  const snooze = (alert: typeof other, until: string, id = randomUUID()) =>
    post(`/api/v1/alerts/${alert.id}/snooze`, { id, version: alert.version, until, reason: 'asked them' });
  expect(codeOf(await snooze(smoke, ahead(hourMs)))).toBe('alert.snooze_danger');
  expect(codeOf(await snooze(other, ahead(13 * hourMs)))).toBe('alert.snooze_period');
  expect(codeOf(await snooze(other, ahead(-1)))).toBe('alert.snooze_period');
  const id = randomUUID();
  const until = ahead(hourMs);
  const first = alertDetailSchema.parse((await snooze(other, until, id)).json());
  expect(first.alert.suppressions).toEqual([{ kind: 'snooze', ref: id, until, by: 'officer' }]);
  expect(first.transitions.at(-1)).toMatchObject({ actor: 'officer', from: other.state, to: other.state });
  expect((await snooze(other, until, id)).json()).toEqual(first);
  const quiet = async (suppressed: string) =>
    alertPageSchema
      .parse((await get(`/api/v1/alerts?suppressed=${suppressed}`)).json())
      .alerts.map((one) => one.id);
  expect(await quiet('yes')).toEqual([other.id]);
  expect(await quiet('no')).not.toContain(other.id);
  const { counts } = alertPageSchema.parse((await get('/api/v1/alerts')).json());
  expect(counts.quiet).toEqual({ silence: 0, inhibition: 0, flapping: 0, snooze: 1 });
  const { version } = first.alert;
  const undo = await post(`/api/v1/alerts/${other.id}/unsnooze`, { id: randomUUID(), version });
  expect(alertDetailSchema.parse(undo.json()).alert.suppressions).toBeUndefined();
  const again = { id: randomUUID(), version: version + 1 };
  expect(codeOf(await post(`/api/v1/alerts/${other.id}/unsnooze`, again))).toBe('alert.not_snoozed');
});

it('the author is told before the end by their own receivers, and of no silence that was ended', async () => {
  const { db, changes } = site.store;
  const id = randomUUID();
  const address = { kind: 'webhook', url: 'https://own.example/', key: 'hook' } as const;
  const plain = { language: 'zh-CN', isFallback: false, cap: null, severities: [] } as const;
  await saveReceiver(
    db,
    testSite.id,
    id,
    { name: 'own', account: 'officer', address, ...plain },
    site.clock.nowMs,
  );
  const [first, over] = [await make(), await make()];
  await end(over.id);
  const clocks = { wallMs: () => site.clock.nowMs, monotonicMs: () => site.clock.monotonicMs };
  const worker = new DueWorker({ db, changes, clocks, logger: pino({ level: 'silent' }) });
  const { handlers } = new SilenceWork({ site: testSite.id });
  for (const [kind, handler] of Object.entries(handlers))
    worker.handle(testSite.id, kind as DueKind, handler);
  const told = () => db.selectFrom('notice').selectAll().where('receiver', '=', id).execute();
  await worker.look();
  expect(await told()).toEqual([]);
  const leftMs = Date.parse(first.until) - site.clock.nowMs - hourMs;
  site.clock.nowMs += leftMs;
  site.clock.monotonicMs += leftMs;
  await worker.look();
  const [notice, ...more] = await told();
  expect([notice?.subject, notice?.kind, more.length]).toEqual([`silence ${first.id}`, 'reminder', 0]);
  const at = { site: testSite, instructions: testInstructions, console: 'https://watch.example' };
  const said =
    notice && (await silenceNoticeOf(db, at, notice, { language: 'zh-CN', nowMs: site.clock.nowMs }));
  expect([said?.title, said?.body, said?.link]).toEqual([
    expect.stringMatching(/^您的静默将于 \d\d:\d\d 结束$/),
    expect.stringContaining('works at the gate'),
    'https://watch.example/manage/silences',
  ]);
  await end(first.id);
  expect(
    notice && (await silenceNoticeOf(db, at, notice, { language: 'en', nowMs: site.clock.nowMs })),
  ).toBeUndefined();
});

it('the name of a person goes with the account', async () => {
  const { db } = site.store;
  const { id } = await make({}, 'supervisor');
  await db.deleteFrom('account').where('name', '=', 'supervisor').execute();
  const left = await db.selectFrom('silence').select('made_by_name').where('id', '=', id).executeTakeFirst();
  expect(left?.made_by_name).toBe('');
  await end(id);
});
