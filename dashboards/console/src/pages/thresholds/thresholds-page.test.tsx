// @vitest-environment jsdom
import { thresholdReportSchema } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { Suspense } from 'react';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { testSession } from '../../testing/test-session.ts';
import { thresholdsPage as ThresholdsPage } from './thresholds-entry.ts';

const sites = new Map([
  [
    'yard',
    {
      ...{ id: 'yard', name: { en: 'The yard', 'zh-CN': '堆场' } },
      zones: [{ id: 'gate', name: { en: 'Gate', 'zh-CN': '大门' } }],
      devices: [{ id: 'cam1', name: { en: 'Gate camera', 'zh-CN': '大门摄像机' } }],
    } as unknown as Site,
  ],
]);
const none = { shown: 0, confirmed: 0, refused: 0 };
const bands = [
  { band: 'near', shown: 9, confirmed: 0, refused: 7 },
  { band: 'clear', ...none },
  { band: 'strong', shown: 2, confirmed: 2, refused: 0 },
];
const report = thresholdReportSchema.parse({
  ...{ from: '2026-10-29', until: '2026-11-27' },
  rows: [
    {
      ...{ site: 'yard', device: 'cam1', zone: 'gate', list: 'watch', shown: 11, confirmed: 2, refused: 7 },
      ...{ bands, expected: { falseCandidates: 1.234, hours: 30.4 }, finding: 'above' },
    },
    {
      ...{ site: 'yard', device: 'old', zone: null, list: 'watch', ...none, shown: 1 },
      ...{ bands: [{ ...bands[0], ...none, shown: 1 }], expected: null, finding: 'too_few' },
    },
  ],
});

let page: DrawnPage | undefined;
afterEach(() => page?.close());

async function open(answers: Record<string, unknown>, language: 'en' | 'zh-CN' = 'en') {
  const api = new FakeApi(answers);
  page = await DrawnPage.open(
    <Suspense>
      <ThresholdsPage ask={api.ask} session={testSession(['lists.read'])} sites={sites} />
    </Suspense>,
    { language },
  );
  await page.find('thresholds-days');
  await page.settle();
  return { api, page };
}

it.each([
  [
    'en',
    ['Gate camera', 'Gate · ', '11 shown', '7 refused', '2 without an answer', 'about 1.2', 'in 30 hours'],
    ['Just above the limit: 9 shown, 0 confirmed, 7 refused', 'More refused than chance explains'],
  ],
  [
    'zh-CN',
    ['大门摄像机', '显示 11 个', '否定 7 个', '未答复 2 个', '约 1.2 个', '30 小时'],
    ['刚刚超过阈值：显示 9，确认 0，否定 7', '否定数多于偶然所能解释'],
  ],
] as const)(
  'shows what was answered beside what chance explains, in %s',
  async (language, numbers, meaning) => {
    const { page: drawn } = await open({ 'GET /threshold-report?days=30': report }, language);
    for (const words of [...numbers, ...meaning]) expect(drawn.text).toContain(words);
    const [first, gone] = drawn.all('thresholds-row');
    expect(first?.dataset.finding).toBe('above');
    expect(gone?.textContent).toContain('old');
    // A camera without candidates of a likeness has no line for it.
    expect(first?.querySelectorAll('td:nth-of-type(2) li')).toHaveLength(2);
  },
);

it('another period is asked for; an empty one says so', async () => {
  const { page: drawn } = await open({
    'GET /threshold-report?days=30': report,
    'GET /threshold-report?days=7': { ...report, rows: [] },
  });
  await drawn.fill({ 'thresholds-days': '7' });
  await drawn.find('thresholds-none');
  expect(drawn.all('thresholds-table')).toEqual([]);
});

it('says why nothing can be shown', async () => {
  const { page: drawn } = await open({
    'GET /threshold-report?days=30': new ApiProblem('api.forbidden', '', 403),
  });
  expect((await drawn.find('thresholds-problem')).textContent).toContain('does not allow');
});
