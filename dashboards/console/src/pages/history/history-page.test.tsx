// @vitest-environment jsdom
import { alertSchema } from '@watchpost/contracts/alert';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import { testAlert } from '../../test-alerts.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { historyPage } from './history-entry.ts';

const alert = alertSchema.parse({
  ...testAlert(),
  ...{
    site: 'yard',
    zone: 'gate',
    state: 'closed',
    disposition: 'nuisance',
    resolvedBy: 'ana',
    severity: 'high',
  },
});
const first = 'GET /alerts?state=resolved%2Cclosed&order=newest&limit=50';
const page = (alerts: unknown[], next: string | null = null) => ({ alerts, next, total: null });

let drawn: DrawnPage | undefined;
afterEach(() => drawn?.close());

async function open(answers: Record<string, unknown>, language: 'en' | 'zh-CN' = 'en') {
  const api = new FakeApi(answers);
  const session = testSession(['alerts.read']);
  drawn = await openPage(historyPage, { ask: api.ask, session, sites: testSites }, language);
  await drawn.find('history-search');
  await drawn.settle();
  return { api, drawn };
}

it.each([
  ['en', 'Nuisance', 'Closed · by ana', 'High'],
  ['zh-CN', '干扰触发', '已关闭', '高'],
] as const)('shows in %s what was handled, and leads to it', async (language, ...words) => {
  const { drawn: shown } = await open({ [first]: page([alert]) }, language);
  const row = await shown.find('history-row');
  for (const word of words) expect(row.textContent).toContain(word);
  expect(row.querySelector('a')?.getAttribute('href')).toBe(`/alerts/${alert.id}`);
});

it('asks for what somebody looks for, and for more of it', async () => {
  const { api, drawn: shown } = await open({ [first]: page([]) });
  expect((await shown.find('history-none')).textContent).toContain('Nothing');
  const query =
    '/alerts?state=resolved%2Cclosed&order=newest&search=wind&zone=hall&type=watchpost.sensor.alarm.v1&limit=50';
  api.answers[`GET ${query}`] = page([alert], 'next one');
  api.answers[`GET ${query}&cursor=next+one`] = page([
    { ...alert, id: '01998f3e-0000-7000-8000-000000000002' },
  ]);
  await shown.fill({
    'history-search': ' wind ',
    'history-zone': 'hall',
    'history-type': 'watchpost.sensor.alarm.v1',
  });
  await shown.press('history-filter');
  await shown.find('history-row');
  await shown.press('history-more');
  expect(shown.all('history-row')).toHaveLength(2);
});

it('says why nothing can be shown', async () => {
  const { drawn: shown } = await open({ [first]: new ApiProblem('store.unreachable', '', 503) });
  expect((await shown.find('history-problem')).textContent).not.toBe('');
});
