import { randomUUID } from 'node:crypto';
import { auditPageSchema, linkedPassSchema, passLinkSchema, passSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const request = (changed: object = {}) => ({
  ...{ id: randomUUID(), gates: ['gate'], purpose: 'work', maxUses: 1 },
  notAfter: new Date(site.clock.nowMs + 8 * 3_600_000).toISOString(),
  ...changed,
});
const issue = async (changed: object = {}) =>
  passSchema.parse((await site.ask('POST', '/api/v1/passes', 'officer', request(changed))).json());

it('an officer issues a pass, its link shows it without a log-in, kept by nobody on the way', async () => {
  const { id } = await issue();
  const made = await site.ask('POST', `/api/v1/passes/${id}/link`, 'officer', {});
  expect(made.headers['cache-control']).toBe('no-store');
  const { token } = passLinkSchema.parse(made.json());
  const opened = await site.ask('POST', '/api/v1/pass-link', undefined, { token });
  expect(opened.headers['cache-control']).toBe('no-store');
  const linked = linkedPassSchema.parse(opened.json());
  expect(linked.text).toMatch(/^WP1:/);
  // Who issued it, for what, and how often it was used is nobody’s who has the link.
  expect(opened.body).not.toMatch(/officer|work|issued/);
  const printed = await site.ask('POST', `/api/v1/passes/${id}/show`, 'officer', {});
  expect([printed.json().text, printed.headers['cache-control']]).toEqual([linked.text, 'no-store']);
  await site.ask('POST', `/api/v1/passes/${id}/revoke`, 'officer', { reason: 'not needed' });
  const after = await site.ask('POST', '/api/v1/pass-link', undefined, { token });
  expect([after.statusCode, codeOf(after)]).toEqual([410, 'pass.link_invalid']);
});

it('who may not issue is refused, and that is audited', async () => {
  const { id } = await issue();
  for (const role of ['viewer', 'integrator'] as const)
    for (const [method, url, body] of [
      ['GET', '/api/v1/passes', undefined],
      ['GET', `/api/v1/passes/${id}`, undefined],
      ['POST', '/api/v1/passes', request()],
      ['POST', `/api/v1/passes/${id}/revoke`, { reason: 'because' }],
      ['POST', `/api/v1/passes/${id}/link`, {}],
      ['POST', `/api/v1/passes/${id}/show`, {}],
    ] as const)
      expect([role, url, codeOf(await site.ask(method, url, role, body))]).toEqual([
        ...[role, url, 'api.forbidden'],
      ]);
  const log = auditPageSchema.parse(
    (await site.ask('GET', '/api/v1/audit?outcome=refused&limit=200', 'admin')).json(),
  );
  expect(log.entries.filter(({ action }) => action.startsWith('pass'))).toHaveLength(12);
});

it.each([
  [{ gates: [] }, '/gates'],
  [{ gates: ['gate', 'gate'] }, '/gates'],
  [{ gates: ['front gate'] }, '/gates/0'],
  [{ purpose: 'Anna Schmidt' }, '/purpose'],
  [{ reference: 'Anna Schmidt' }, '/reference'],
  [{ reference: 'Anna' }, '/reference'],
  [{ maxUses: 0 }, '/maxUses'],
  [{ notAfter: 'tomorrow' }, '/notAfter'],
  [{ id: '1' }, '/id'],
  [{ name: 'Anna Schmidt' }, ''],
])('%j is refused with the field', async (changed, path) => {
  const answer = await site.ask('POST', '/api/v1/passes', 'officer', request(changed));
  expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'api.invalid']);
  expect(answer.json().path ?? '').toContain(path);
});

it('a link is not guessed: what is none has one answer, and asking often has an end', async () => {
  const codes = [];
  for (let n = 0; n < 40; n++) {
    const token = randomUUID().replaceAll('-', '').padEnd(43, 'x');
    codes.push(codeOf(await site.ask('POST', '/api/v1/pass-link', undefined, { token })));
  }
  expect([...new Set(codes)]).toEqual(['pass.link_invalid', 'api.too_many_requests']);
});
