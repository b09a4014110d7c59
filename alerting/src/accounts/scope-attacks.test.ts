import { randomUUID } from 'node:crypto';
import { alertPageSchema, gatewayListSchema, heatMapSchema } from '@watchpost/contracts/api';
import { siteSchema } from '@watchpost/contracts/site';
import type { ZoneId } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptBehind } from '../http/beyond-scope.ts';
import { saveAccount } from '../store/account-store.ts';
import { type ForeignThings, makeForeignThings } from '../testing/foreign-things.ts';
import { codeOf, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';
import { hashPassword } from './password.ts';

let site: HttpSite;
let cookie: string;
/** Of the zone that the guard does not see. */
let things: ForeignThings;

beforeAll(async () => {
  site = await HttpSite.open();
  await saveAccount(site.store.db, {
    name: 'guard',
    roles: { test: 'admin' },
    zones: { test: ['gate' as ZoneId] },
    password: await hashPassword(testPassword),
  });
  const answer = await site.ask('POST', '/api/v1/session', undefined, {
    user: 'guard',
    password: testPassword,
  });
  const [first] = answer.cookies;
  cookie = `${first?.name}=${first?.value}`;
  things = await makeForeignThings(site);
});
afterAll(() => site.close());

const ask = (method: Method, url: string, payload?: object) =>
  site.ask(method, url, undefined, payload, { cookie });
const refusals = async () => {
  const rows = await site.store.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'access_refused')
    .orderBy('position')
    .execute();
  return rows.map(({ actor, subject, details, outcome }) => ({ actor, subject, details, outcome }));
};

/** Asks as the guard; `entry` is what the audit log says of it, once. */
async function tryIt(method: Method, url: string, body?: object) {
  const last = async (after: number) => {
    const query = site.store.db.selectFrom('audit').selectAll().where('position', '>', after);
    return (await query.orderBy('position').execute()).filter(({ outcome }) => outcome === 'refused');
  };
  const { position } = (await last(0)).at(-1) ?? { position: 0 };
  const answer = await ask(method, url, body);
  const [entry, ...more] = await last(Number(position));
  expect(more).toEqual([]);
  return { answer, entry };
}

describe('who is limited to zones', () => {
  test('sees and counts the alerts of those alone', async () => {
    const own = alertPageSchema.parse((await ask('GET', '/api/v1/alerts')).json());
    const all = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
    expect(new Set(all.alerts.map(({ zone }) => zone))).toEqual(new Set(['gate', 'stores']));
    expect(own.alerts.map(({ id }) => id)).toEqual(
      all.alerts.filter(({ zone }) => zone === 'gate').map(({ id }) => id),
    );
    expect(own.total).toBe(own.alerts.length);
    const open = Object.values(own.counts.bySeverity).reduce((sum, count) => sum + count, 0);
    expect(open).toBe(own.alerts.length);
    const devices = new Set(own.alerts.map(({ device }) => device));
    expect(new Set(own.counts.devices.map(({ device }) => device))).toEqual(devices);
    const asked = alertPageSchema.parse((await ask('GET', '/api/v1/alerts?zone=stores')).json());
    expect([asked.alerts, asked.total]).toEqual([[], 0]);
  });

  test('sees devices, gateways and the plan of those alone', async () => {
    const plan = siteSchema.parse((await ask('GET', '/api/v1/site')).json());
    expect([plan.zones.map(({ id }) => id), plan.devices.map(({ id }) => id), plan.gateways]).toEqual([
      ['gate'],
      ['cam1', 'reader1'],
      ['edge1'],
    ]);
    const { gateways } = gatewayListSchema.parse((await ask('GET', '/api/v1/gateways')).json());
    expect(gateways.map(({ gateway }) => gateway)).toEqual(['edge1']);
    const whole = heatMapSchema.parse((await site.ask('GET', '/api/v1/heat', 'admin')).json());
    const heat = heatMapSchema.parse((await ask('GET', '/api/v1/heat')).json());
    expect(whole.cells.length).toBeGreaterThan(heat.cells.length);
    expect(heat.cells.every(({ outline }) => outline.every(([x]) => x < 28))).toBe(true);
  });

  test('hears of those alone on the stream', async () => {
    const stop = new AbortController();
    const entered = await fetch(`${site.base}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'guard', password: testPassword }),
    });
    const own = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const answer = await fetch(`${site.base}/api/v1/stream`, {
      headers: { cookie: own },
      signal: stop.signal,
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (text: string) => {
      while (!heard.includes(text)) {
        const part = await reader?.read();
        if (!part || part.done) throw new Error(`the stream ended: ${heard}`);
        heard += part.value;
      }
    };
    await until('event: counts');
    const { alerts } = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
    const foreignFirst = alerts.toSorted((a, b) => (a.zone < b.zone ? 1 : -1));
    for (const [index, alert] of foreignFirst.entries()) site.feed.take({ position: index + 1, alert });
    await until('"zone":"gate"');
    expect(heard).not.toContain('"zone":"stores"');
    stop.abort();
  });

  const step = { id: randomUUID(), version: 1 };
  const reason = 'out of curiosity';
  const ahead = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const stores = { match: { zones: ['stores'], highest: 'critical' }, until: ahead(2) };
  const swap = { from: ahead(48), until: ahead(50) };
  /** What is asked for, of a thing in the store room; the body. */
  const ofThings: [Method, string, keyof ForeignThings, object?][] = [
    ['GET', '/alerts/{}', 'alert'],
    ['POST', '/alerts/{}/transitions', 'alert', { ...step, to: 'acknowledged' }],
    ['POST', '/alerts/{}/snooze', 'alert', { ...step, until: ahead(1) }],
    ['POST', '/alerts/{}/unsnooze', 'alert', step],
    ['GET', '/alerts/{}/candidate', 'alert'],
    ['POST', '/alerts/{}/candidate', 'alert', { ...step, answer: 'refused' }],
    ['POST', '/alerts/{}/candidate/photos/0/view', 'alert', { reason }],
    ['GET', '/incidents/{}', 'incident'],
    ['POST', '/incidents/{}/steps', 'incident', { version: 1, to: 'acknowledged' }],
    ['POST', '/incidents/{}/comments', 'incident', { id: randomUUID(), text: reason }],
    ['GET', '/silences/{}', 'silence'],
    ['POST', '/silences/{}', 'silence', { version: 1, until: ahead(1), reason }],
    ['POST', '/silences/{}/sign', 'silence', { version: 1 }],
    ['POST', '/silences/{}/end', 'silence', { version: 1, reason }],
    ['GET', '/duty/rotas/{}', 'rota'],
    ['POST', '/duty/rotas/{}/end', 'rota', { reason }],
    ['POST', '/duty/exceptions/{}/cancel', 'exception', { reason }],
    ['POST', '/duty/swaps/{}/answer', 'exception', { accept: true }],
    ['POST', '/duty/swaps/{}/withdraw', 'exception', {}],
    ['GET', '/duty/handovers/{}', 'handover'],
    ['POST', '/duty/handovers/{}/sign', 'handover', { remark: reason }],
    ['GET', '/response/departments/{}/view', 'department'],
    ['GET', '/response/subjects/{}', 'alert'],
    ['GET', '/response/subjects/{}', 'incident'],
    ['GET', '/response/subjects/{}/timeline', 'alert'],
    ['GET', '/response/subjects/{}/timeline/export?format=csv', 'alert'],
    ['POST', '/response/offers/{}/acknowledge', 'offer', {}],
    ['POST', '/response/offers/{}/end', 'offer', { reason }],
    ['POST', '/response/offers/{}/tasks', 'offer', { id: randomUUID(), unit: randomUUID() }],
    ['POST', '/response/tasks/{}/steps', 'task', { ...step, to: 'accepted' }],
    ['GET', '/lists/{}', 'entry'],
    ['POST', '/lists/{}/withdraw', 'entry', { version: 1, reason }],
    ['POST', '/lists/{}/erase', 'entry', { version: 1, reason }],
    ['POST', '/lists/{}/photos/0/view', 'entry', { reason }],
    ['GET', '/passes/{}', 'pass'],
    ['POST', '/passes/{}/revoke', 'pass', { reason }],
    ['POST', '/passes/{}/show', 'pass', {}],
    ['POST', '/passes/{}/link', 'pass', {}],
    ['GET', '/plates/{}', 'plate'],
    ['POST', '/plates/{}/retire', 'plate', { reason }],
  ];

  test.each(ofThings)(
    '%s %s: refused, as what is not there, and audited',
    async (method, path, key, body) => {
      const { answer, entry } = await tryIt(method, `/api/v1${path.replace('{}', things[key])}`, body);
      const isOfOthers = answer.statusCode === 403 && codeOf(answer).startsWith('response.');
      expect([answer.statusCode, codeOf(answer)]).toEqual(
        isOfOthers ? [403, codeOf(answer)] : [404, 'api.not_found'],
      );
      expect(entry).toMatchObject({ actor: { name: 'guard' }, outcome: 'refused' });
      expect(entry?.subject?.id).toBe(things[key]);
    },
  );

  /** What is of the whole site, or reaches into the store room by what the body says. */
  const ofSite: [Method, string, (() => object)?][] = [
    ['GET', '/api/v1/rejects'],
    ['POST', '/api/v1/mqtt-token', () => ({})],
    ['GET', '/flows/'],
    ['GET', '/flows/enter?state=0123456789abcdef'],
    ['GET', '/metrics'],
    ['GET', '/api/v1/site-file'],
    ['PUT', '/api/v1/secrets/camera-1', () => ({ value: 'x' })],
    ['POST', '/api/v1/cameras/cam1/still', () => ({ reason })],
    ['GET', '/api/v1/setup'],
    ['GET', '/api/v1/accounts'],
    ['GET', '/api/v1/audit'],
    ['GET', '/api/v1/audit/export'],
    ['GET', '/api/v1/load'],
    ['POST', '/api/v1/free-text/find', () => ({ words: 'Zhang' })],
    ['POST', '/api/v1/free-text/strike', () => ({})],
    ['GET', '/api/v1/rules'],
    ['POST', '/api/v1/rules', () => ({})],
    ['POST', '/api/v1/rules/replay', () => ({})],
    ['GET', '/api/v1/receivers'],
    ['POST', '/api/v1/receivers', () => ({})],
    ['GET', '/api/v1/notices'],
    ['GET', '/api/v1/escalation/policies'],
    ['POST', '/api/v1/escalation/policies', () => ({})],
    ['GET', '/api/v1/escalation/runs'],
    ['GET', '/api/v1/response/people'],
    ['POST', '/api/v1/response/departments', () => ({})],
    ['POST', '/api/v1/duty/calendar', () => ({})],
    ['POST', '/api/v1/silences', () => ({ ...stores, id: randomUUID(), reason })],
    ['POST', '/api/v1/silences/preview', () => stores],
    [
      'POST',
      '/api/v1/response/offers',
      () => ({ id: randomUUID(), subject: things.alert, department: things.department }),
    ],
    ['POST', '/api/v1/duty/handovers', () => ({ id: randomUUID(), rota: things.rota, notes: '' })],
    [
      'POST',
      '/api/v1/duty/exceptions',
      () => ({
        ...swap,
        kind: 'override',
        id: randomUUID(),
        rota: things.rota,
        reason,
        person: things.somebody,
      }),
    ],
    [
      'POST',
      '/api/v1/duty/swaps',
      () => ({ id: randomUUID(), rota: things.rota, reason, with: things.somebody, give: swap, take: null }),
    ],
    [
      'POST',
      '/api/v1/passes',
      () => ({ id: randomUUID(), gates: ['stores'], purpose: 'work', notAfter: ahead(24), maxUses: 1 }),
    ],
    [
      'POST',
      '/api/v1/plates',
      () => ({ id: randomUUID(), zone: 'stores', address: 'B3-2-1204', name: 'Store room' }),
    ],
  ];

  test.each(ofSite)('%s %s: refused, and audited', async (method, path, body) => {
    const { answer, entry } = await tryIt(method, path, body?.());
    expect([400, 403, 404]).toContain(answer.statusCode);
    expect(entry).toMatchObject({ actor: { name: 'guard' }, outcome: 'refused' });
  });

  test.each<[string, keyof ForeignThings]>([
    ['incidents/{}/merge', 'incident'],
    ['incidents/{}/split', 'incident'],
    ['response/departments/{}', 'department'],
    ['response/departments/{}/end', 'department'],
    ['response/departments/{}/units', 'department'],
    ['response/units/{}', 'unit'],
    ['response/units/{}/end', 'unit'],
  ])('%s is for whom the whole site exists', async (path, key) => {
    const { answer, entry } = await tryIt('POST', `/api/v1/${path.replace('{}', things[key])}`, {});
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'api.forbidden']);
    expect(entry).toMatchObject({ outcome: 'refused', subject: { id: things[key] } });
  });

  test('is refused the units of a department for an alert that is not theirs', async () => {
    const query = `subject=${things.alert}&department=${things.department}`;
    const { answer, entry } = await tryIt('GET', `/api/v1/response/nearest?${query}`);
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'response.not_dispatcher']);
    expect(entry).toMatchObject({ action: 'access_refused', outcome: 'refused' });
  });

  test('finds nothing of it in what is listed or taken along', async () => {
    const ids = new Set<string>(Object.values(things).filter((id) => id !== things.somebody));
    const lists = [
      'alerts',
      'incidents',
      'silences',
      'duty',
      'duty/rotas',
      'duty/handovers',
      'duty/findings',
    ];
    for (const url of [
      ...lists,
      'response/offers',
      'response/tasks',
      'lists',
      'lists/export',
      'passes',
      'plates',
    ]) {
      const answer = await ask('GET', `/api/v1/${url}`);
      expect([url, answer.statusCode]).toEqual([url, 200]);
      expect([url, [...ids].filter((id) => answer.body.includes(id))]).toEqual([url, []]);
    }
  });

  test('what is nowhere is no attempt', async () => {
    const before = (await refusals()).length;
    const nowhere = await ask('GET', `/api/v1/silences/${randomUUID()}`);
    expect([nowhere.statusCode, (await refusals()).length]).toEqual([404, before]);
  });

  test('every address of one thing says in the log what it was about', () => {
    const mute = Object.keys(site.app.swagger().paths ?? {})
      .map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'))
      .filter((path) => path.includes('/:id') && keptBehind(path) === undefined);
    // Nobody who is limited to zones manages accounts, and an account has but its own sessions and factors.
    expect(mute.filter((path) => !/\/(accounts?|cameras)\//.test(path))).toEqual([]);
  });

  test('a try at a site that is not theirs is written down, and answered as one that is not there', async () => {
    const before = (await refusals()).length;
    const answer = await ask('GET', '/api/v1/alerts?site=elsewhere');
    expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'api.not_found']);
    expect((await refusals()).slice(before)).toMatchObject([{ subject: { kind: 'site', id: 'elsewhere' } }]);
  });
});

test('who tries again and again does not fill the audit log', async () => {
  const before = (await refusals()).length;
  for (let tries = 0; tries < 100; tries++) await site.ask('GET', '/api/v1/rejects', 'viewer');
  expect((await refusals()).length - before).toBeLessThan(65);
});
