import { randomUUID } from 'node:crypto';
import { gatewayListSchema, problemSchema, rejectListSchema, sessionSchema } from '@watchpost/contracts/api';
import { gatewayStateSchema, gatewayTopic } from '@watchpost/contracts/wire';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newEpoch } from './testing/store-run.ts';
import { doorAlarm, forgedPass, smokeAlarm } from './testing/test-events.ts';
import { north, south, TwoSites } from './testing/two-sites.ts';

const sites = new TwoSites();
const epoch = newEpoch();
const ids = [randomUUID(), randomUUID()];
/** An alert of the north. */
let foreign = '';

beforeAll(async () => {
  const { privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const { x = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey);
  await sites.start({ officerTokens: { key: { kty: 'OKP', crv: 'Ed25519', x, d, kid: 'k' } } });
  for (const site of [north, south])
    for (const [index, sketch] of [smokeAlarm(), forgedPass()].entries())
      await sites.deliver(site, { ...sketch, id: ids[index] ?? '', epoch, seq: index + 1 });
  await sites.deliver(north, {
    ...smokeAlarm(),
    device: 'door1',
    data: { kind: 'glass_break' },
    epoch,
    seq: 3,
  });
  foreign = (await sites.alerts('anna')).alerts[0]?.id ?? '';
}, 120_000);
afterAll(() => sites.stop());

const codeOf = async (answer: Response) => problemSchema.parse(await answer.json()).code;

describe('two sites with the same gateways, devices, event ids and positions', () => {
  test('both have stored all of it, and each person sees the alerts of their sites', async () => {
    const [annas, bens, chiefs] = await Promise.all(
      ['anna', 'ben', 'chief'].map((user) => sites.alerts(user)),
    );
    expect(annas?.alerts.map(({ site }) => site)).toEqual(['north', 'north', 'north']);
    expect(bens?.alerts.map(({ site }) => site)).toEqual(['south', 'south']);
    expect([annas?.total, bens?.total, chiefs?.total]).toEqual([3, 2, 5]);
    expect(chiefs?.counts.byState.open).toBe(5);
    expect(new Set(chiefs?.counts.devices.map(({ site, device }) => `${site} ${device}`))).toEqual(
      new Set(['north smoke1', 'north cam1', 'north door1', 'south smoke1', 'south cam1']),
    );
  });

  test('the queue over both is one, page by page in the same order, and can be narrowed', async () => {
    const all = (await sites.alerts('chief')).alerts;
    const paged: typeof all = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = await sites.alerts('chief', `?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      paged.push(...page.alerts);
      next = page.next;
    }
    expect(paged).toEqual(all);
    expect(all.map(({ risk }) => risk.score)).toEqual(
      all.map(({ risk }) => risk.score).sort((a, b) => b - a),
    );
    const { alerts, counts, total } = await sites.alerts('chief', '?site=south');
    expect([alerts.map(({ site }) => site), counts.byState.open, total]).toEqual([['south', 'south'], 2, 2]);
  });

  test('what is about one site asks for it where there are several', async () => {
    for (const path of ['/api/v1/site', '/api/v1/heat']) {
      expect(await codeOf(await sites.ask('chief', path))).toBe('api.site_needed');
      expect((await sites.ask('chief', `${path}?site=south`)).status).toBe(200);
      expect((await sites.ask('ben', path)).status).toBe(200);
    }
    expect(await codeOf(await sites.ask('chief', '/api/v1/alerts?site=a&site=b'))).toBe('api.invalid');
  });

  test('a session says its sites with the role on each', async () => {
    const of = async (user: string) =>
      sessionSchema.parse(await (await sites.ask(user, '/api/v1/session')).json());
    expect((await of('mixed')).sites.map(({ site, role }) => [site, role])).toEqual([
      ['north', 'viewer'],
      ['south', 'officer'],
    ]);
    // All of the server is shown to those who may see all of it.
    expect((await of('ben')).permissions).not.toContain('metrics.read');
    expect((await of('chief')).permissions).toContain('metrics.read');
    expect((await of('nowhere')).permissions).toEqual([]);
  });
});

describe('who has rights on one site', () => {
  /** What asks for nothing of a site, or is tried apart. */
  const apart = [
    'GET /healthz',
    'POST /api/v1/session',
    'DELETE /api/v1/session',
    'POST /api/v1/account-link',
    'POST /api/v1/account-link/password',
    'POST /api/v1/pass-link',
  ];
  /** What is about the person or the server. */
  const ofNoSite = /^\/api\/v1\/(?:session|sites|account|accounts|api-tokens|acknowledge-link)(?:\/|$)/;

  test('gets nothing of the other one on any route of the API, named or not', async () => {
    const openapi = (await (await sites.ask('ben', '/api/v1/openapi.json')).json()) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.length).toBeGreaterThan(8);
    const others = (await sites.alerts('anna')).alerts.map(({ id }) => id);
    for (const route of routes.filter((one) => !apart.includes(one))) {
      const [method = '', pattern = ''] = route.split(' ');
      const path = pattern.replaceAll(/\{\w+\}/g, foreign);
      const isSending = ['POST', 'PUT', 'PATCH'].includes(method);
      const body = isSending ? { id: randomUUID(), version: 1, reason: 'a note' } : undefined;
      for (const query of ['', '?site=north', '?site=nowhere']) {
        if (pattern.endsWith('/stream') && query === '') continue;
        // What would end their own account or session is only looked at.
        const isOwn = ofNoSite.test(pattern) && method !== 'POST';
        const answer = await (isOwn
          ? sites.ask('ben', path + query)
          : sites.ask('ben', path + query, body, method));
        const text = await answer.text();
        // The audit log has what this person asked for, and was refused: ids that they named themselves.
        const ids = pattern.startsWith('/api/v1/audit') ? [] : others;
        for (const mark of ['"north"', 'North', ...ids])
          expect(`${route}${query}: ${text}`).not.toContain(mark);
        // No route answers for a site that does not exist for this person.
        if (ofNoSite.test(pattern)) continue;
        // A body that does not fit is refused as such, before anybody looks for what it is about.
        const isRefused = query === '' && isSending && !pattern.endsWith('/transitions') ? [400, 415] : [];
        if (query !== '' || pattern.includes('{id}'))
          expect([404, ...isRefused], `${route}${query}`).toContain(answer.status);
      }
    }
  });

  test('is told nothing of the other one by the stream, and counts and positions of their own', async () => {
    const text = async (user: string, query = '') => {
      const ending = AbortSignal.timeout(60_000);
      const answer = await fetch(`${sites.address}/api/v1/stream${query}`, {
        headers: { cookie: sites.cookie(user) },
        signal: ending,
      });
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      return {
        until: async (found: (text: string) => boolean) => {
          let sofar = '';
          while (!found(sofar)) sofar += (await reader?.read())?.value ?? '';
          await reader?.cancel();
          return sofar;
        },
      };
    };
    const [ben, chief] = [await text('ben'), await text('chief')];
    await sites.deliver(north, { ...doorAlarm(), data: { kind: 'water' }, epoch, seq: 4 });
    await sites.deliver(south, { ...smokeAlarm(), epoch, seq: 3 });
    const bens = await ben.until((sofar) => /event: alert\n.*"site":"south"/.test(sofar));
    expect(bens).not.toContain('north');
    const chiefs = await chief.until((sofar) => /event: alert\n.*"site":"south"/.test(sofar));
    expect(chiefs).toMatch(/event: alert\n.*"site":"north"/);
    const position = /^id: (.+)$/m.exec(bens)?.[1] ?? '';
    const again = await text('ben', `?after=${position}`);
    const resumed = await again.until((sofar) => sofar.includes('event: counts'));
    expect(resumed).toContain('"resumed":true');
    expect(resumed).not.toContain('north');
  });

  test('takes no step on the other one, and one who may only look there takes none', async () => {
    const step = { id: randomUUID(), version: 1, to: 'acknowledged' };
    expect(await codeOf(await sites.ask('ben', `/api/v1/alerts/${foreign}/transitions`, step))).toBe(
      'api.not_found',
    );
    expect(await codeOf(await sites.ask('mixed', `/api/v1/alerts/${foreign}/transitions`, step))).toBe(
      'api.forbidden',
    );
    expect((await sites.ask('mixed', `/api/v1/alerts/${foreign}`)).status).toBe(200);
    const own = (await sites.alerts('ben')).alerts[0];
    // The id of a request is a client’s: that somebody elsewhere used it says nothing.
    for (const [user, id] of [
      ['anna', foreign],
      ['ben', own?.id],
    ] as const) {
      const { version } = (await sites.alerts(user)).alerts.find((alert) => alert.id === id) ?? {
        version: 1,
      };
      const answer = await sites.ask(user, `/api/v1/alerts/${id}/transitions`, { ...step, version });
      expect([user, answer.status]).toEqual([user, 200]);
    }
  });

  test('gets a token for the broker of their own site, and of no other', async () => {
    const audience = async (user: string, query = '') => {
      const answer = await sites.ask(user, `/api/v1/mqtt-token${query}`, {});
      if (!answer.ok) return codeOf(answer);
      return decodeJwt(((await answer.json()) as { readonly password: string }).password).aud;
    };
    expect(await audience('ben')).toBe('watchpost:south');
    expect(await audience('ben', '?site=north')).toBe('api.not_found');
    expect(await audience('chief')).toBe('api.site_needed');
    expect(await audience('chief', '?site=north')).toBe('watchpost:north');
    expect(await audience('nowhere')).toBe('api.forbidden');
  });
});

test('a loss, a state and a bad message of one site change nothing on the other', async () => {
  const before = await sites.alerts('ben');
  const state = gatewayStateSchema.parse({
    ...{ status: 'offline', time: new Date().toISOString(), version: '1', clockOffsetMs: null },
    ...{ epoch: null, outboxDepth: 0, devices: [] },
  });
  const { client } = sites.listener;
  await client.publishAsync(gatewayTopic('state', north.id, 'edge1'), JSON.stringify(state), {
    retain: true,
  });
  await client.publishAsync(gatewayTopic('up', north.id, 'edge1'), 'no json', { qos: 1 });
  const gatewaysOf = async (user: string) =>
    gatewayListSchema.parse(await (await sites.ask(user, '/api/v1/gateways')).json()).gateways;
  await expect.poll(async () => (await gatewaysOf('anna'))[0]?.status, { timeout: 30_000 }).toBe('offline');
  expect((await gatewaysOf('ben')).map(({ site, status }) => `${site} ${status}`)).toEqual([
    'south unknown',
    'south unknown',
  ]);
  expect(await gatewaysOf('chief')).toHaveLength(4);
  const rejectsOf = async (user: string) =>
    rejectListSchema.parse(await (await sites.ask(user, '/api/v1/rejects')).json());
  await expect.poll(async () => (await rejectsOf('chief')).newest.length, { timeout: 30_000 }).toBe(1);
  expect(await rejectsOf('ben')).toEqual({ counts: {}, newest: [] });
  expect((await sites.alerts('ben')).alerts).toEqual(before.alerts);
});
