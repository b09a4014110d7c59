import { privacyListSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

it('shows what is on record, with its days, to who may read it', async () => {
  site.clock.nowMs = Date.parse('2026-08-01T00:00:00Z');
  const answer = await site.ask('GET', '/api/v1/privacy', 'admin');
  expect(answer.statusCode).toBe(200);
  const { records, without } = privacyListSchema.parse(answer.json());
  expect(records[0]).toMatchObject({ site: 'test', purpose: 'people who were told to stay away' });
  expect(records[0]?.due[0]).toEqual({ what: 'sign', by: '2026-07-09', state: 'overdue' });
  expect(without.map(({ id }) => id)).toEqual(['cam2']);
});

it('says nothing of a site on which the person has no such right', async () => {
  const answer = await site.ask('GET', '/api/v1/privacy?site=elsewhere', 'admin');
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'api.not_found']);
});
