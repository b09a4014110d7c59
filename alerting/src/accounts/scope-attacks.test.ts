import { randomUUID } from 'node:crypto';
import { alertPageSchema, gatewayListSchema, heatMapSchema } from '@watchpost/contracts/api';
import { siteSchema } from '@watchpost/contracts/site';
import type { ZoneId } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveAccount } from '../store/account-store.ts';
import { codeOf, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';
import { hashPassword } from './password.ts';

let site: HttpSite;
let cookie: string;
/** Of the zone that the guard does not see. */
let foreign: string;

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
  const all = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'admin')).json());
  foreign = all.alerts.find(({ zone }) => zone === 'stores')?.id ?? '';
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

  const attempts: [string, Method, () => string, () => object | undefined, number][] = [
    ['an alert of another zone', 'GET', () => `/api/v1/alerts/${foreign}`, () => undefined, 404],
    [
      'a step of an alert of another zone',
      'POST',
      () => `/api/v1/alerts/${foreign}/transitions`,
      () => ({ id: randomUUID(), version: 1, to: 'acknowledged' }),
      404,
    ],
    ['rejected messages', 'GET', () => '/api/v1/rejects', () => undefined, 403],
    ['a token for the broker', 'POST', () => '/api/v1/mqtt-token', () => ({}), 403],
    ['Node-RED', 'GET', () => '/flows/', () => undefined, 403],
    ['a hand-over to Node-RED', 'GET', () => '/flows/enter?state=0123456789abcdef', () => undefined, 403],
    ['the metrics', 'GET', () => '/metrics', () => undefined, 403],
    ['the site file', 'GET', () => '/api/v1/site-file', () => undefined, 403],
  ];

  test.each(attempts)(
    'is refused %s, and the audit log says so',
    async (_what, method, url, body, status) => {
      const before = (await refusals()).length;
      const answer = await ask(method, url(), body());
      expect([answer.statusCode, codeOf(answer)]).toEqual([
        status,
        status === 404 ? 'api.not_found' : 'api.forbidden',
      ]);
      const [entry, ...more] = (await refusals()).slice(before);
      expect(more).toEqual([]);
      expect(entry).toMatchObject({
        actor: { name: 'guard' },
        outcome: 'refused',
        subject: status === 404 ? { kind: 'alert', id: foreign } : null,
        details: { method },
      });
    },
  );

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
