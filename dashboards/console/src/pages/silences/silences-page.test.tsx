// @vitest-environment jsdom
import { type Silence, silenceSchema } from '@watchpost/contracts/api';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { silencesPage } from './silences-entry.ts';

const id = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e11';
const other = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e12';
const silence = (changed: Partial<Silence> = {}): Silence =>
  silenceSchema.parse({
    ...{
      site: 'yard',
      id,
      version: 3,
      state: 'active',
      purpose: 'quiet',
      hours: null,
      timeZone: 'Asia/Shanghai',
    },
    match: { zones: null, devices: null, kinds: null, highest: 'high', danger: false },
    ...{ from: '2026-11-27T12:00:00.000Z', until: '2026-11-27T18:00:00.000Z', reason: 'works in the yard' },
    made: { at: '2026-11-27T12:00:00.000Z', by: 'Bo', account: other },
    ...{ signed: null, ended: null, hides: 3, hid: 41 },
    ...changed,
  });
const list = (...silences: Silence[]) => ({ silences, time: '2026-11-27T13:00:00.000Z' });
type May = 'alerts.read' | 'silences.make' | 'silences.sign';

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = async (answers: object, may: readonly May[], language: 'en' | 'zh-CN' = 'en') => {
  const api = new FakeApi({ 'GET /silences': list(silence()), ...answers });
  const props = { ask: api.ask, session: testSession(may), sites: testSites };
  page = await openPage(silencesPage, props, language);
  return { api, drawn: page };
};

it('shows what holds, who wanted it, and what it hides', async () => {
  const { drawn } = await open({}, ['alerts.read']);
  await drawn.find('silence');
  expect(drawn.text).toContain('Bo: works in the yard');
  expect(drawn.text).toContain('Keeps 3 alerts quiet now · 41 alerts in all');
  expect(drawn.all('silence-form')).toEqual([]);
  expect(drawn.all('silence-end')).toEqual([]);
});

it('says while it is written what it would hide, and makes one once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  const preview = { now: 3, before: 41, danger: 2, days: 7, capped: false };
  const { api, drawn } = await open(
    { 'POST /silences/preview?site=yard': preview, 'POST /silences?site=yard': {} },
    ['alerts.read', 'silences.make'],
  );
  await drawn.fill({ 'silence-until': '2026-11-28T08:00', 'silence-reason': 'the gate is painted' });
  await vi.advanceTimersByTimeAsync(600);
  await drawn.settle();
  expect((await drawn.find('silence-preview')).textContent).toContain(
    'Hits 3 now, would have hit 41 in 7 days. 2 of danger to life are left out and told.',
  );
  vi.useRealTimers();
  await drawn.press('silence-make');
  expect(api.bodiesOf('POST /silences?site=yard')).toMatchObject([
    {
      ...{ purpose: 'quiet', until: '2026-11-28T08:00', hours: null, reason: 'the gate is painted' },
      match: { zones: null, devices: null, kinds: null, highest: 'critical', danger: false },
    },
  ]);
});

it('only somebody else signs danger to life, and what was changed meanwhile says so', async () => {
  const match = { ...silence().match, danger: true };
  const me = testSession([]).account;
  const own = silence({ id: other, match, made: { ...silence().made, account: me } });
  const { api, drawn } = await open(
    {
      'GET /silences': list(silence({ match }), own),
      [`POST /silences/${id}/sign`]: new ApiProblem('silence.changed', '', 409),
    },
    ['alerts.read', 'silences.sign'],
  );
  await drawn.find('silence');
  expect(drawn.all('silence-sign')).toHaveLength(1);
  await drawn.press('silence-sign');
  await drawn.press('silence-sign-confirm');
  expect(api.bodiesOf(`POST /silences/${id}/sign`)).toEqual([{ version: 3 }]);
  expect((await drawn.find('silence-sign-confirm-problem')).textContent).toContain('Somebody else changed');
});

it('is ended early with a reason, in Chinese too', async () => {
  const { api, drawn } = await open(
    { [`POST /silences/${id}/end`]: {} },
    ['alerts.read', 'silences.make'],
    'zh-CN',
  );
  await drawn.press('silence-end');
  await drawn.fill({ 'silence-end-reason': '施工已完成' });
  await drawn.press('silence-end-confirm');
  expect(api.bodiesOf(`POST /silences/${id}/end`)).toEqual([{ version: 3, reason: '施工已完成' }]);
  expect(drawn.text).toContain('目前静默 3 条告警');
});
