// @vitest-environment jsdom
import type { AlertCounts } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { emptyQueue, type Queue } from '../../live/alert-queue.ts';
import { testAlert } from '../../test-alerts.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { openPage } from '../../testing/open-page.tsx';
import { wallPage } from './wall-entry.ts';

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const alerts = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    testAlert({
      id: `00000000-0000-4000-8000-00000000000${index}`,
      severity: index === 0 ? 'critical' : 'high',
    }),
  );

async function open(rows: ReturnType<typeof alerts>, language: 'en' | 'zh-CN', parts: object = {}) {
  const queue: Queue = { ...emptyQueue, waiting: { ...emptyQueue.waiting, rows } };
  const severities = { low: 0, medium: 0, high: 8, critical: 1 };
  const counts = {
    waiting: severities,
    bySeverity: severities,
    byState: { open: 9, acknowledged: 0, in_progress: 0, resolved: 4 },
    devices: [],
  } as unknown as AlertCounts;
  page = await openPage(
    wallPage,
    {
      queue,
      counts,
      connection: 'live',
      loaded: true,
      site: null,
      siteOf: () => null,
      several: false,
      ...parts,
    },
    language,
  );
  await page.find('wall');
  return page;
}

it.each([
  ['en', 'Smoke alarm', 'and 3 more'],
  ['zh-CN', '烟雾告警', '另有 3 条'],
] as const)('shows in %s the first six, and says how many there are beyond', async (language, what, more) => {
  const shown = await open(alerts(8), language);
  expect(shown.all('wall-row')).toHaveLength(6);
  expect(shown.all('wall-row')[0]?.textContent).toContain(what);
  expect((await shown.find('wall-more')).textContent).toBe(more);
});

it('says that nothing waits only once it has looked, and that it is not live', async () => {
  const loading = await open([], 'en', { loaded: false });
  expect((await loading.find('wall-none')).textContent).toContain('Loading');
  await loading.close();
  const calm = await open([], 'en', { connection: 'lost' });
  expect((await calm.find('wall-none')).textContent).toContain('Nothing is waiting');
  expect(calm.text).toContain('Connection lost');
});
