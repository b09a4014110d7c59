import { expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { loadWindow } from './load-window.ts';

/** A list of so many alerts; its cursors are places in it. */
const listOf = (count: number) => {
  const limits: number[] = [];
  const alerts = async (_: unknown, limit: number, cursor: string | null) => {
    limits.push(limit);
    const from = Number(cursor ?? 0);
    const page = Array.from({ length: Math.min(limit, count - from) }, (_row, index) =>
      testAlert({ id: String(from + index) }),
    );
    return { alerts: page, next: from + limit < count ? String(from + limit) : null };
  };
  return { limits, api: { alerts } as unknown as Parameters<typeof loadWindow>[0] };
};
const asked = { attention: 'waiting', site: null, filter: {}, onPage: () => undefined } as const;

it('loads as many rows as were asked for, in pages that the server gives, each once', async () => {
  const { api, limits } = listOf(5_000);
  const pages: number[] = [];
  const window = await loadWindow(api, {
    ...asked,
    rows: 1_200,
    onPage: ({ alerts }) => pages.push(alerts.length),
  });
  expect([window.rows.length, new Set(window.rows).size, window.next]).toEqual([1_200, 1_200, '1200']);
  expect([limits, pages]).toEqual([
    [500, 500, 200],
    [500, 500, 200],
  ]);
});

it('ends where the list ends, also where a page says that there is more and has nothing', async () => {
  const { api } = listOf(3);
  expect(await loadWindow(api, { ...asked, rows: 100 })).toMatchObject({ next: null, rows: { length: 3 } });
  const empty = { alerts: async () => ({ alerts: [], next: 'more' }) } as unknown as typeof api;
  expect((await loadWindow(empty, { ...asked, rows: 100 })).rows).toEqual([]);
});
