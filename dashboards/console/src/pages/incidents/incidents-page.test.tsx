// @vitest-environment jsdom
import { incidentSchema } from '@watchpost/contracts/alert';
import { type IncidentDetail, incidentDetailSchema } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import { testAlert } from '../../test-alerts.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { incidentsPage } from './incidents-entry.ts';

const at = '2026-11-27T10:00:00.000Z';
const first = { ...testAlert(), site: 'yard', zone: 'gate' };
const second = { ...first, id: '01998f3e-0000-7000-8000-000000000002' };
const incident = {
  ...incidentSchema.parse({
    ...{ id: first.id, site: 'yard', version: 3, concern: 'intrusion', severity: 'high', state: 'open' },
    ...{ quiet: false, zones: ['gate'], alerts: 2, flapping: 0, openedAt: at, updatedAt: at },
    ...{ lastMemberAt: at, closedAt: null, changedIn: 2, mergedInto: null },
  }),
  ...{ events: 41, hidden: 1, active: true, takenBy: ['ben'], lead: first },
};
const detail: IncidentDetail = incidentDetailSchema.parse({
  incident,
  alerts: [first, second],
  timeline: [
    {
      ...{ kind: 'step', at },
      step: { alert: first.id, from: null, to: 'open', actor: 'system', time: at, reason: null },
    },
    { kind: 'notice', at, receiver: 'Gate post', channel: 'webhook', says: 'opened', state: 'sent' },
    { kind: 'note', at, what: 'comment', actor: 'ben', text: 'The gate is open.', other: null, alerts: 0 },
  ],
});
const list = 'GET /incidents?limit=50';
const path = `/incidents/${first.id}`;
const page = (incidents: unknown[]) => ({ incidents, next: null, time: at });

let drawn: DrawnPage | undefined;
afterEach(() => {
  drawn?.close();
  location.hash = '';
});

async function open(answers: Record<string, unknown>, language: 'en' | 'zh-CN' = 'en', may = true) {
  const api = new FakeApi({ 'GET /incidents?site=yard&limit=200': page([incident]), ...answers });
  const session = testSession(may ? ['alerts.read', 'alerts.decide'] : ['alerts.read']);
  drawn = await openPage(incidentsPage, { ask: api.ask, session, sites: testSites }, language);
  return { api, drawn };
}

it.each([
  ['en', '2 alerts · 41 events', 'Nobody has all of it'],
  ['zh-CN', '2 条告警 · 41 次上报', '尚未全部受理'],
] as const)('lists in %s what goes on, with counts, and leads to it', async (language, ...words) => {
  const { drawn: shown } = await open({ [list]: page([incident]) }, language);
  const row = await shown.find('incident-row');
  for (const word of words) expect(row.textContent).toContain(word);
  expect(row.querySelector('a')?.getAttribute('href')).toBe(`#${first.id}`);
});

it.each([
  ['en', 'Gate post was told – that it is on', 'ben: The gate is open.', 'The cause is present'],
  ['zh-CN', '已通知 Gate post – 警情发生', 'ben: The gate is open.', '原因仍然存在'],
] as const)(
  'says in %s what is known of one, its alerts and who knew what when',
  async (language, ...words) => {
    location.hash = first.id;
    const { drawn: shown } = await open({ [`GET ${path}`]: detail }, language);
    await shown.find('incident-facts');
    for (const word of words) expect(shown.text).toContain(word);
    expect(shown.all('incident-member')).toHaveLength(2);
    expect(shown.all('incident-moment')).toHaveLength(3);
  },
);

it('takes all of it, and says why it could not', async () => {
  location.hash = first.id;
  const { api, drawn: shown } = await open({
    [`GET ${path}`]: detail,
    [`POST ${path}/steps`]: new ApiProblem('incident.stale', '', 409),
  });
  await shown.find('incident-take');
  await shown.press('incident-take');
  expect(api.bodiesOf(`POST ${path}/steps`)).toEqual([{ version: 3, to: 'acknowledged' }]);
  expect((await shown.find('incident-take-problem')).textContent).toContain('Look again');
});

it('who only reads is offered no step', async () => {
  location.hash = first.id;
  const { drawn: shown } = await open({ [`GET ${path}`]: detail }, 'en', false);
  await shown.find('incident-facts');
  expect(shown.all('incident-steps')).toEqual([]);
});
