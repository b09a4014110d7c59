import { randomUUID } from 'node:crypto';
import {
  auditPageSchema,
  escalationPolicyListSchema,
  escalationPolicySchema,
  escalationRunListSchema,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
let post: string;
beforeAll(async () => {
  site = await HttpSite.open();
  post = randomUUID();
  const address = { kind: 'webhook', url: 'https://hook.example/', key: 'notify-hook' };
  await site.ask('POST', '/api/v1/receivers', 'supervisor', {
    ...{ id: post, name: 'Fire post', language: 'en', severities: [], address },
  });
});
afterAll(() => site.close());

const url = '/api/v1/escalation/policies';
const step = (changed: object = {}) => ({
  ...{ waitSeconds: 0, targets: [{ kind: 'receiver', receiver: post }] },
  ...changed,
});
const last = { repeat: { everySeconds: 300, times: null } };
const request = (changed: object = {}) => ({
  ...{ id: randomUUID(), version: null, name: 'Night', place: 1, zones: null, concerns: null },
  ...{ severities: ['critical', 'high'], steps: [step(last)] },
  ...changed,
});
const save = (body: object) => site.ask('POST', url, 'supervisor', body);

it('a policy is made once, changed by who saw it, says whom it reaches now, and is removed; each is audited', async () => {
  const asked = request();
  const made = escalationPolicySchema.parse((await save(asked)).json());
  expect(made).toMatchObject({
    version: 1,
    reached: [[{ receiver: post, name: 'Fire post', person: null }]],
  });
  expect((await save(asked)).json()).toEqual(made);
  const changed = { ...asked, version: 1, steps: [step({ onlyFor: ['critical'] }), step(last)] };
  expect(escalationPolicySchema.parse((await save(changed)).json()).version).toBe(2);
  expect(codeOf(await save({ ...changed, name: 'Day' }))).toBe('escalation.changed');
  const { policies } = escalationPolicyListSchema.parse((await site.ask('GET', url, 'admin')).json());
  expect(policies.map(({ id }) => id)).toEqual([asked.id]);
  expect((await site.ask('DELETE', `${url}/${asked.id}`, 'supervisor')).statusCode).toBe(204);
  expect(codeOf(await site.ask('DELETE', `${url}/${asked.id}`, 'supervisor'))).toBe('api.not_found');
  const page = auditPageSchema.parse(
    (await site.ask('GET', '/api/v1/audit?limit=200&outcome=done', 'admin')).json(),
  );
  expect(page.entries.map(({ action }) => action).filter((one) => one.startsWith('escalation'))).toEqual([
    ...['escalation_policy_removed', 'escalation_policy_saved', 'escalation_policy_saved'],
  ]);
});

it('a receiver that is told at once is no policy of the list', async () => {
  const address = { kind: 'webhook', url: 'https://hook.example/', key: 'notify-hook' };
  const own = { id: randomUUID(), name: 'Program', language: 'en', severities: ['low'], address };
  await site.ask('POST', '/api/v1/receivers', 'supervisor', own);
  expect((await site.ask('GET', url, 'admin')).json()).toEqual({ policies: [] });
});

it.each([
  [() => ({ steps: [step()] }), 'escalation.last_step', '/steps/0'],
  [
    () => ({ steps: [step({ repeat: { everySeconds: 300, times: 3 } })] }),
    'escalation.last_step',
    '/steps/0',
  ],
  [
    () => ({ steps: [step({ targets: [{ kind: 'receiver', receiver: randomUUID() }] }), step(last)] }),
    'escalation.target_unknown',
    '/steps/0/targets/0',
  ],
  [
    () => ({ steps: [step({ targets: [{ kind: 'rota', rota: randomUUID() }] }), step(last)] }),
    'escalation.target_unknown',
    '/steps/0/targets/0',
  ],
  [
    () => ({ steps: [step({ targets: [{ kind: 'person', account: randomUUID() }] }), step(last)] }),
    'escalation.target_unknown',
    '/steps/0/targets/0',
  ],
  [() => ({ zones: ['nowhere'] }), 'escalation.zone_unknown', '/zones/0'],
  [() => ({ steps: [] }), 'api.invalid', '/steps'],
  [() => ({ steps: [step({ waitSeconds: -1 })] }), 'api.invalid', '/steps/0/waitSeconds'],
])('what cannot be meant is refused with the field: %#', async (changed, code, path) => {
  const answer = await save(request(changed()));
  expect([codeOf(answer), answer.json().path]).toEqual([code, path]);
});

it('who may not decide who is told is refused', async () => {
  for (const role of ['viewer', 'officer', 'integrator', 'auditor'] as const)
    for (const [method, path, body] of [
      ['GET', url, undefined],
      ['POST', url, request()],
      ['DELETE', `${url}/${randomUUID()}`, undefined],
      ['GET', '/api/v1/escalation/runs', undefined],
    ] as const)
      expect([role, path, codeOf(await site.ask(method, path, role, body))]).toEqual([
        ...[role, path, 'api.forbidden'],
      ]);
});

it('says how far telling has come', async () => {
  const answer = await site.ask('GET', '/api/v1/escalation/runs', 'supervisor');
  expect(escalationRunListSchema.parse(answer.json())).toEqual({ runs: [] });
});
