// @vitest-environment jsdom
import { type EscalationPolicy, escalationPolicySchema, rolePermissions } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { escalationPage } from './escalation-entry.ts';

const id = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e11';
const rota = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e12';
const post = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e13';
const policy: EscalationPolicy = escalationPolicySchema.parse({
  ...{ site: 'yard', id, version: 3, name: 'Night', place: 1, severities: ['critical'], zones: ['gate'] },
  ...{ concerns: ['fire'], changedAt: '2026-11-27T08:00:00.000Z' },
  steps: [
    { waitSeconds: 0, targets: [{ kind: 'rota', rota }], onlyFor: ['critical'] },
    {
      ...{ waitSeconds: 300, targets: [{ kind: 'receiver', receiver: post }] },
      repeat: { everySeconds: 600, times: null },
    },
  ],
  reached: [[], [{ receiver: post, name: 'Fire post', channel: 'wecom', person: null }]],
});
const run = {
  ...{
    subject: id,
    policy: { id, name: 'Night', version: 3 },
    steps: [],
    state: 'running',
    severity: 'critical',
  },
  ...{
    step: 1,
    nextAt: '2026-11-27T09:00:00.000Z',
    acknowledgedBy: null,
    acknowledgedAt: null,
    emptyAt: null,
  },
};
const answers = {
  'GET /escalation/policies?site=yard': { policies: [policy] },
  'GET /escalation/runs?site=yard': { runs: [run] },
  'GET /receivers?site=yard': { receivers: [{ id: post, name: 'Fire post', account: null }] },
  'GET /duty/people?site=yard': { people: [{ id, name: 'Ana' }] },
  'GET /duty/rotas': { rotas: [{ id: rota, site: 'yard', name: 'Night shift' }] },
  'POST /escalation/policies?site=yard': policy,
};

let page: DrawnPage | undefined;
afterEach(() => page?.close());
const open = async (api: FakeApi, language: 'en' | 'zh-CN' = 'en') => {
  const session = testSession(rolePermissions.supervisor);
  page = await openPage(escalationPage, { ask: api.ask, session, sites: testSites }, language);
  return page;
};

it.each([
  [
    'en',
    'At once: who is on duty by Night shift; only Critical',
    'After 5 min: Fire post; again every 10 min until somebody takes it',
    [
      'For Critical, in Gate, about fire and smoke',
      'reaches nobody',
      'Now that is Fire post',
      'Night: the next',
    ],
  ],
  [
    'zh-CN',
    '立即通知：“Night shift”当班人员；仅限紧急',
    '5 分钟后通知：Fire post；每 10 分钟重复，直到有人受理',
    ['区域：大门', '目前通知不到任何人', '目前为：Fire post', 'Night：下一步'],
  ],
] as const)(
  'steps are sentences in %s that say whom they reach now',
  async (language, first, second, others) => {
    const shown = await open(new FakeApi(answers), language);
    await shown.find('policy-step');
    for (const text of [first, second, ...others]) expect(shown.text).toContain(text);
  },
);

it('a policy is changed by the version that was seen; what is not written here stays', async () => {
  const api = new FakeApi(answers);
  const shown = await open(api);
  await shown.press('policy-change');
  await shown.fill({ 'policy-name': 'Nights', 'step-1-wait': '7.5' });
  await shown.press(`step-0-person ${id}`);
  await shown.press('policy-zone-gate');
  await shown.press('policy-save');
  expect(api.bodiesOf('POST /escalation/policies?site=yard')).toMatchObject([
    {
      ...{ id, version: 3, name: 'Nights', zones: null, concerns: ['fire'] },
      steps: [
        {
          targets: [
            { kind: 'rota', rota },
            { kind: 'person', account: id },
          ],
          onlyFor: ['critical'],
        },
        { waitSeconds: 450, repeat: { everySeconds: 600, times: null } },
      ],
    },
  ]);
});

it('what the server refuses stands beside the button, and nothing is lost', async () => {
  const api = new FakeApi({
    ...answers,
    'POST /escalation/policies?site=yard': new ApiProblem('escalation.last_step', '', 422),
  });
  const shown = await open(api);
  await shown.press('escalation-new');
  await shown.fill({ 'policy-name': 'Day' });
  await shown.press(`step-0-receiver ${post}`);
  await shown.press('policy-save');
  expect((await shown.find('policy-save-problem')).textContent).toContain('The last step has to repeat');
  expect(((await shown.find('policy-name')) as HTMLInputElement).value).toBe('Day');
});
