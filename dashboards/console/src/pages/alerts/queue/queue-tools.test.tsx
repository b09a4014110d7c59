// @vitest-environment jsdom
import type { AlertAction, AlertCounts } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../../api/ask.ts';
import { remember } from '../../../live/remembered.ts';
import { emptyView } from '../../../live/site-view.ts';
import { wholeQueue } from '../../../routes/queue-filter.ts';
import { testAlert } from '../../../test-alerts.ts';
import type { DrawnPage } from '../../../testing/drawn-page.tsx';
import { FakeApi } from '../../../testing/fake-ask.ts';
import { openPage } from '../../../testing/open-page.tsx';
import { testSites } from '../../../testing/test-session.ts';
import { queueTools } from './queue-entry.ts';
import type { QueueToolsProps } from './queue-tools.tsx';

let drawn: DrawnPage | undefined;
afterEach(() => drawn?.close());

const none = { low: 0, medium: 0, high: 0, critical: 0 };
const counts: AlertCounts = {
  ...{ bySeverity: none, waiting: none, devices: [] },
  byState: { open: 12, acknowledged: 1, in_progress: 0, resolved: 4 },
};
const alert = testAlert({ site: 'yard' });
const open = async (
  answers: Record<string, unknown>,
  { language = 'en', ...change }: Partial<QueueToolsProps> & { readonly language?: 'en' | 'zh-CN' } = {},
) => {
  const api = new FakeApi({ 'GET /alerts/seen': { unseen: 3 }, ...answers });
  const done: unknown[] = [];
  const props: QueueToolsProps = {
    ...{ ask: api.ask, account: 'ana', mayDecide: true, seen: new Map(), counts, chosen: null, taken: null },
    ...{ sites: ['yard'], siteOf: (id) => testSites.get(id) ?? null, filter: wholeQueue, picked: null },
    watch: {
      reload: async () => void done.push('reload'),
      unsee: (ids) => void done.push(`unsee ${ids}`),
      view: () => ({ ...emptyView, seen: new Map([['a', 1]]) }),
      accept: (detail) => void done.push(`${detail.alert.id} ${detail.alert.state}`),
      known: (id) => (id === alert.id ? alert : undefined),
    },
    onFilter: (filter) => void done.push(filter),
    onPick: (picked) => void done.push(picked && [...picked.keys()]),
    ...change,
  };
  drawn = await openPage(queueTools, props, language);
  return { api, done, drawn };
};

it.each([
  ['en', '3 new to you', '3 alerts marked as seen, for you only.'],
  ['zh-CN', '3 条您尚未查看', '已将 3 条告警标为已看，仅对您本人有效。'],
] as const)(
  'says in %s how many are new, marks all, and takes that back',
  async (language, before, after) => {
    const answers = {
      'POST /alerts/seen': { changed: 3, unseen: 0 },
      'POST /alerts/seen/undo': { changed: 3, unseen: 3 },
    };
    const { api, done, drawn: shown } = await open(answers, { language });
    expect((await shown.find('unseen')).textContent).toBe(before);
    await shown.press('all-seen');
    expect((await shown.find('undo-bar')).textContent).toContain(after);
    await shown.press('undo');
    const [marked] = api.bodiesOf('POST /alerts/seen');
    expect(api.bodiesOf('POST /alerts/seen/undo')).toEqual([marked]);
    expect(done).toEqual(['reload', 'unsee a', 'reload']);
    expect(shown.all('undo')).toEqual([]);
  },
);

it('says why nothing could be marked, and when nothing is new', async () => {
  const { drawn: shown } = await open({ 'POST /alerts/seen': new ApiProblem('console.network', '', 0) });
  await shown.press('all-seen');
  expect((await shown.find('queue-problem')).textContent).not.toBe('');
  expect(shown.all('undo')).toEqual([]);
  await shown.close();
  const { drawn: quiet } = await open({ 'GET /alerts/seen': { unseen: 0 } });
  expect((await quiet.find('nothing-new')).textContent).toBe('Nothing new to you');
});

it.each([
  [
    'en',
    'Nobody is told of 12: 9 silenced, 3 behind another fault',
    '12 hidden: 9 silenced, 3 behind another fault',
  ],
  ['zh-CN', '12 条不发通知：静默 9 条、因上级故障抑制 3 条', '已隐藏 12 条：静默 9 条、因上级故障抑制 3 条'],
] as const)(
  '11: says in %s what silences hide, as the server counts it',
  async (language, shownText, hidden) => {
    const quiet = { silence: 9, inhibition: 3, flapping: 0, snooze: 0 };
    const { done, drawn: shown } = await open({}, { language, counts: { ...counts, quiet } });
    expect((await shown.find('quiet-line')).textContent).toContain(shownText);
    await shown.press('quiet-hide');
    await shown.press('quiet-only');
    expect(done).toEqual([{ quiet: 'hidden' }, { quiet: 'only' }]);
    await shown.close();
    const again = await open(
      {},
      { language, counts: { ...counts, quiet }, filter: { quiet: 'hidden', zone: 'gate' } },
    );
    expect((await again.drawn.find('quiet-line')).textContent).toContain(hidden);
    await again.drawn.press('quiet-all');
    expect(again.done).toEqual([{ zone: 'gate' }]);
  },
);

it('narrows by what is chosen at once, by words when they are sent, and offers what this person had last', async () => {
  remember('filter.ana', 'severity=low');
  const { done, drawn: shown } = await open({}, { filter: { fresh: 'yes' } });
  expect((await shown.find('filter-shown')).textContent).toContain('Shown: new to you');
  await shown.press('filter-open');
  await shown.fill({ 'filter-zone': 'hall' });
  await shown.fill({ 'filter-search': 'door' });
  await shown.press('filter-apply');
  await shown.press('filter-clear');
  expect(done).toEqual([{ zone: 'hall', fresh: 'yes' }, { search: 'door', fresh: 'yes' }, {}]);
  await shown.close();
  const again = await open({});
  await again.drawn.press('filter-open');
  await again.drawn.press('filter-last');
  expect(again.done).toEqual([{ fresh: 'yes' }]);
});

it('acts on what is selected in one request, lists what was refused, and takes back what was done', async () => {
  const [first, other] = [alert.id, '00000000-0000-4000-8000-000000000002'];
  const answer = ({ action }: { readonly action: AlertAction }) =>
    action.do === 'acknowledge'
      ? {
          done: [{ ...testAlert({ id: other, state: 'acknowledged', version: 5 }) }],
          failed: [{ id: first, code: 'alert.stale', details: {} }],
        }
      : { done: [testAlert({ id: other, version: 6 })], failed: [] };
  const picked = new Map([
    [first, 1],
    [other, 4],
  ]);
  const { api, done, drawn: shown } = await open({ 'POST /alerts/batch': answer }, { picked });
  expect((await shown.find('picked')).textContent).toBe('2 selected');
  await shown.press('batch-acknowledge');
  expect(done).toEqual([`${other} acknowledged`, [first]]);
  const failures = await shown.find('batch-failures');
  expect(failures.textContent).toContain('1 alert was not changed:');
  expect(failures.textContent).toContain('Smoke alarm');
  await shown.press('undo');
  expect(api.bodiesOf('POST /alerts/batch')).toMatchObject([
    {
      action: { do: 'acknowledge' },
      alerts: [
        { id: first, version: 1 },
        { id: other, version: 4 },
      ],
    },
    { action: { do: 'release' }, alerts: [{ id: other, version: 5 }] },
  ]);
});

it('selects all that fits and says how many; more than one request takes, it says so', async () => {
  const page = { alerts: [alert], next: null, total: 1 };
  const path = 'GET /alerts?zone=gate&state=open%2Cacknowledged%2Cin_progress&limit=200';
  const { done, drawn: shown } = await open(
    { [path]: page },
    { picked: new Map(), filter: { zone: 'gate' } },
  );
  expect((await shown.find('pick-all')).textContent).toBe('Select all 13');
  await shown.press('pick-all');
  expect(done).toEqual([[alert.id]]);
  await shown.close();
  const many = { ...counts, byState: { ...counts.byState, open: 900 } };
  const { drawn: large } = await open({}, { picked: new Map(), counts: many });
  expect((await large.find('pick-all')).textContent).toBe('Select the first 200 of 901');
});

it('a single step is taken back, too, and who only reads selects nothing', async () => {
  const taken = { ...alert, state: 'acknowledged', version: 2 } as const;
  const {
    api,
    done,
    drawn: shown,
  } = await open(
    { 'POST /alerts/batch': { done: [{ ...alert, version: 3 }], failed: [] } },
    { taken, mayDecide: false },
  );
  expect(shown.all('select')).toEqual([]);
  await shown.press('undo');
  expect(api.bodiesOf('POST /alerts/batch')).toMatchObject([
    { action: { do: 'release' }, alerts: [{ id: alert.id, version: 2 }] },
  ]);
  expect(done).toEqual([`${alert.id} open`]);
});
