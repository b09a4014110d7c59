import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import {
  alertDetailSchema,
  alertPageSchema,
  gatewayListSchema,
  healthSchema,
  heatMapSchema,
  rejectListSchema,
  siteResponseSchema,
} from '@watchpost/contracts/api';
import { zoneIdSchema } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HeatMapCache } from '../places/heat-map-cache.ts';
import { codeOf } from '../testing/http-client.ts';
import { HttpSite } from '../testing/http-site.ts';
import { testInstructions, testSite } from '../testing/test-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

describe('alerts', () => {
  async function alertOf(type: string): Promise<Alert> {
    const { alerts } = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts', 'viewer')).json());
    return alerts.find(({ eventType }) => eventType === type)!;
  }

  const step = (alert: Alert, body: object) =>
    site.ask('POST', `/api/v1/alerts/${alert.id}/transitions`, 'officer', {
      id: randomUUID(),
      version: alert.version,
      ...body,
    });

  /** The step by somebody who looked just before. */
  async function stepNow(alert: Alert, body: object) {
    const detail = (await site.ask('GET', `/api/v1/alerts/${alert.id}`, 'officer')).json();
    return step(alertDetailSchema.parse(detail).alert, body);
  }

  test('an officer leads one from open to closed; high ones need a disposition', async () => {
    const alert = await alertOf('watchpost.pass.rejected.v1');
    expect(alert.severity).toBe('high');
    expect(codeOf(await step(alert, { to: 'resolved' }))).toBe('alert.transition');
    expect((await step(alert, { to: 'acknowledged' })).json().alert.acknowledgedBy).toBe('officer');
    expect(codeOf(await stepNow(alert, { to: 'resolved' }))).toBe('alert.disposition_required');
    const resolved = await stepNow(alert, { to: 'resolved', disposition: 'genuine', reason: '伪造通行证' });
    expect(alertDetailSchema.parse(resolved.json()).alert).toMatchObject({
      state: 'resolved',
      resolvedBy: 'officer',
    });
    expect((await stepNow(alert, { to: 'closed' })).statusCode).toBe(200);
    expect(await alertOf('watchpost.pass.rejected.v1')).toBeUndefined();
    const detail = await site.ask('GET', `/api/v1/alerts/${alert.id}`, 'viewer');
    expect(alertDetailSchema.parse(detail.json()).transitions).toHaveLength(4);
    const closed = await site.ask('GET', '/api/v1/alerts?state=closed', 'viewer');
    expect(closed.json().alerts).toHaveLength(1);
  });

  test('a step that saw an older state is refused and told what the alert is now; one without a version too', async () => {
    const alert = await alertOf('watchpost.sensor.alarm.v1');
    expect(codeOf(await step(alert, { to: 'acknowledged', version: undefined }))).toBe('api.invalid');
    expect(codeOf(await step(alert, { to: 'acknowledged', version: 99 }))).toBe('api.invalid');
    expect((await step(alert, { to: 'acknowledged' })).statusCode).toBe(200);
    const late = await step(alert, { to: 'resolved', disposition: 'false' });
    expect([late.statusCode, codeOf(late)]).toEqual([409, 'alert.stale']);
    expect(late.json().details).toMatchObject({
      seen: 1,
      version: 2,
      changed: 'state',
      state: 'acknowledged',
    });
    expect(codeOf(await step(alert, { reason: ' ' }))).toBe('api.invalid');
    expect((await step(alert, { reason: 'on my way' })).json().transitions.at(-1)).toMatchObject({
      from: 'acknowledged',
      to: 'acknowledged',
      actor: 'officer',
      reason: 'on my way',
    });
  });

  test('a repeat of a request answers as the first time did', async () => {
    const alert = await alertOf('watchpost.face.candidate.v1');
    const body = { id: randomUUID(), to: 'acknowledged' };
    const first = await step(alert, body);
    const again = await step(alert, body);
    expect(first.statusCode).toBe(200);
    expect(again.json()).toEqual(first.json());
  });

  test('an alert comes with what the site says is to be done about it, and so does the answer to a step', async () => {
    const detailOf = async (type: string) => {
      const answer = await site.ask('GET', `/api/v1/alerts/${(await alertOf(type)).id}`, 'viewer');
      return alertDetailSchema.parse(answer.json());
    };
    const { alert, instruction } = await detailOf('watchpost.sensor.alarm.v1');
    expect(instruction).toEqual(testInstructions[`sensor.${alert.details.kind as 'smoke'}`]);
    expect(instruction?.contacts).toHaveLength(1);
    expect(await detailOf('watchpost.face.candidate.v1')).not.toHaveProperty('instruction');
    expect((await step(alert, { reason: 'called' })).json().instruction).toEqual(instruction);
  });

  test('pages go on where the last one ended', async () => {
    const first = alertPageSchema.parse((await site.ask('GET', '/api/v1/alerts?limit=2', 'viewer')).json());
    const url = `/api/v1/alerts?limit=2&cursor=${first.next}`;
    const second = alertPageSchema.parse((await site.ask('GET', url, 'viewer')).json());
    expect(first.alerts).toHaveLength(2);
    expect(second.alerts).toHaveLength(1);
    expect(second.next).toBeNull();
    expect(first.alerts.map(({ id }) => id)).not.toContain(second.alerts[0]?.id);
  });

  test.each([
    ['/api/v1/alerts?state=gone', '/state/0'],
    ['/api/v1/alerts?limit=0', '/limit'],
    ['/api/v1/alerts?cursor=bm90IGEgY3Vyc29y', '/cursor'],
    ['/api/v1/alerts?sort=1', '/'],
    ['/api/v1/alerts?order=newest', '/order'],
    ['/api/v1/alerts?order=newest&state=resolved&cursor=WyJ1Il0', '/cursor'],
    ['/api/v1/alerts/not-a-uuid', '/id'],
  ])('%s is refused at its field', async (url, path) => {
    const answer = await site.ask('GET', url, 'viewer');
    expect([answer.statusCode, codeOf(answer), answer.json().path]).toEqual([400, 'api.invalid', path]);
  });
});

describe('the rest of the API', () => {
  test('the heat map is that of one plan: of the first where none is named, and of no other’s incidents', async () => {
    const of = (query: string) => site.ask('GET', `/api/v1/heat${query}`, 'viewer');
    const named = heatMapSchema.parse((await of(`?plan=${testSite.plan.id}`)).json());
    expect(named).toEqual((await of('')).json());
    expect(named.cells.length).toBeGreaterThan(0);
    expect((await of('?plan=attic')).statusCode).toBe(404);
    const attic = { ...testSite.plan, id: zoneIdSchema.parse('attic') };
    const floors = { ...testSite, otherPlans: [attic] };
    const drawn = async (plan: typeof attic) => {
      const cache = new HeatMapCache(site.store.db, floors, plan, () => site.clock.nowMs);
      return heatMapSchema.parse(JSON.parse((await cache.current()).body));
    };
    expect((await drawn(floors.plan)).cells).toHaveLength(named.cells.length);
    expect(await drawn(attic)).toMatchObject({ plan: 'attic', cells: [] });
  });

  test('answers fit their contracts', async () => {
    siteResponseSchema.parse((await site.ask('GET', '/api/v1/site', 'viewer')).json());
    gatewayListSchema.parse((await site.ask('GET', '/api/v1/gateways', 'viewer')).json());
    const heat = heatMapSchema.parse((await site.ask('GET', '/api/v1/heat', 'viewer')).json());
    expect(Math.max(...heat.cells.map(({ intensity }) => intensity))).toBe(1);
    const rejects = rejectListSchema.parse((await site.ask('GET', '/api/v1/rejects', 'admin')).json());
    expect(rejects.counts).toEqual({ 'wire.unknown_type': 1 });
    expect(rejects.newest[0]).toMatchObject({ path: '/type', gateway: 'edge1', device: 'door1' });
    healthSchema.parse((await site.ask('GET', '/healthz')).json());
  });

  test('the reference describes the paths', async () => {
    const reference = (await site.ask('GET', '/api/v1/openapi.json')).json();
    expect(reference.openapi).toMatch(/^3\./);
    expect(Object.keys(reference.paths)).toContain('/api/v1/alerts/{id}/transitions');
  });

  test('what does not exist, is too large or is not JSON is a problem too', async () => {
    expect(codeOf(await site.ask('GET', '/api/v1/none', 'admin'))).toBe('api.not_found');
    expect(codeOf(await site.ask('GET', '/api/v1/none', 'admin', undefined, { accept: 'text/html' }))).toBe(
      'api.not_found',
    );
    const large = await site.ask('POST', '/api/v1/session', undefined, {
      user: 'x'.repeat(70_000),
      password: 'x',
    });
    expect([large.statusCode, codeOf(large)]).toEqual([413, 'wire.too_large']);
    const broken = await site.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(codeOf(broken)).toBe('api.not_json');
  });
});
