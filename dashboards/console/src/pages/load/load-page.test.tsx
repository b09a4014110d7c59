// @vitest-environment jsdom
import { type LoadFigures, loadFiguresSchema } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { loadPage } from './load-entry.ts';

const sources = [{ device: 'door7', zone: 'gate', alerts: 40 }];
const figures = (changed: object = {}): LoadFigures =>
  loadFiguresSchema.parse({
    ...{ site: 'yard', from: '2026-11-26T12:00:00.000Z', until: '2026-11-27T12:00:00.000Z' },
    ...{ alerts: 120, perPosition: 0.83, shareAbove: 0.125, limit: 10 },
    peak: { at: '2026-11-27T01:00:00.000Z', alerts: 31 },
    shifts: [
      {
        ...{ rota: '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e10', rotaName: 'Night watch', layer: 'Night' },
        ...{ hours: 84, alerts: 90, perPosition: 1.2, shareAbove: 0.2 },
      },
    ],
    topSources: sources,
    stale: { count: 2, oldestAt: '2026-11-25T01:00:00.000Z', sources },
    chattering: [],
    acknowledge: { medianSeconds: 42.4, p90Seconds: 600, count: 110, never: 10 },
    resolve: { medianSeconds: null, p90Seconds: null, count: 0, never: 120 },
    ...changed,
  });

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const day = 'GET /load?site=yard';
const week = `${day}&from=${encodeURIComponent('2026-11-20T12:00:00.000Z')}`;
const open = async (language: 'en' | 'zh-CN' = 'en') => {
  const api = new FakeApi({ [day]: figures({ alerts: 7 }), [week]: figures() });
  const props = { ask: api.ask, session: testSession(['response.review']), sites: testSites };
  page = await openPage(loadPage, props, language);
  await page.find('load-sums');
  return page;
};

it.each([
  ['en', ['120', '12.5%', 'Night watch · Night', '42 s', '10 min', '2 alerts', 'Gate · door7']],
  ['zh-CN', ['120', '12.5%', 'Night watch · Night', '42 秒', '10 分钟', '2 条', '大门 · door7', '尚未']],
] as const)(
  'in %s it says how much there was, how long it took, and where it came from',
  async (language, said) => {
    const drawn = await open(language);
    for (const text of said) expect(drawn.text).toContain(text);
    expect((await drawn.find('load-chattering')).textContent).toMatch(/none|无/);
  },
);

it('another time is asked for by the clock of the server', async () => {
  const drawn = await open();
  await drawn.fill({ 'load-span': '1' });
  await drawn.settle();
  expect((await drawn.find('load-sums')).textContent).toContain('Alerts7');
});
