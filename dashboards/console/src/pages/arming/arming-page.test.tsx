// @vitest-environment jsdom
import { type ArmingAreaView, armingAreaViewSchema } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { armingPage } from './arming-entry.ts';

const time = '2026-11-27T21:03:00.000Z';
const area = (changed: Partial<ArmingAreaView> = {}): ArmingAreaView =>
  armingAreaViewSchema.parse({
    ...{ site: 'yard', area: 'house', name: { en: 'House', 'zh-CN': '主楼' }, zones: ['hall'], version: 4 },
    ...{ phase: 'disarmed', mode: null, since: null, until: null, lateMs: 0, by: null, bypassed: [] },
    ...{ entered: null, refused: null, needsCode: false, next: null },
    modes: [
      {
        ...{ mode: 'away', exitSeconds: 30, entrySeconds: 20 },
        problems: [
          { device: 'window-3', problem: 'open', since: null },
          { device: 'camera-2', problem: 'lost', since: time },
        ],
      },
      { mode: 'night', exitSeconds: 0, entrySeconds: 0, problems: [] },
    ],
    ...changed,
  });

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = async (
  shown: ArmingAreaView,
  answers: object = {},
  { language = 'en', ownCode = false }: { language?: 'en' | 'zh-CN'; ownCode?: boolean } = {},
) => {
  const api = new FakeApi({ 'GET /arming': { areas: [shown], time, ownCode }, ...answers });
  const props = { ask: api.ask, session: testSession(['arming.read', 'arming.set']), sites: testSites };
  page = await openPage(armingPage, props, language);
  await page.find('area');
  return { api, drawn: page };
};

it('says what keeps an area from being armed, and leaves it out once or until it is closed', async () => {
  const { api, drawn } = await open(area(), { 'POST /arming/house/arm?site=yard': {} });
  expect((await drawn.find('area-ready')).textContent).toMatch(
    /^Ready to arm: no, window-3 is open, camera-2 has not been heard since /,
  );
  await drawn.fill({ 'area-leave-out-window-3': 'closed' });
  await drawn.fill({ 'area-leave-out-camera-2': 'once' });
  await drawn.press('area-arm');
  expect(api.bodiesOf('POST /arming/house/arm?site=yard')).toMatchObject([
    {
      ...{ version: 4, mode: 'away', atOnce: false },
      bypass: [
        { device: 'window-3', until: 'closed' },
        { device: 'camera-2', until: 'once' },
      ],
    },
  ]);
});

it('counts the delay down with the clock time of its end, and disarms with a code', async () => {
  const entry = area({
    ...{ phase: 'entry', mode: 'away', since: time as never, by: 'Bo', needsCode: true },
    until: '2026-11-27T21:03:20.000Z' as never,
    entered: { device: 'door-1', at: time } as never,
  });
  const { api, drawn } = await open(entry, {
    'POST /arming/house/disarm?site=yard': new ApiProblem('arming.code_wrong', '', 403),
  });
  expect((await drawn.find('area-phase')).textContent).toBe('Somebody came in: disarm now');
  expect((await drawn.find('area-countdown')).textContent).toMatch(
    /^Alarm at \d\d:\d\d:20, in (?:19|20|21) seconds$/,
  );
  await drawn.fill({ 'area-code': '2580' });
  await drawn.press('area-disarm');
  expect(api.bodiesOf('POST /arming/house/disarm?site=yard')).toMatchObject([{ version: 4, code: '2580' }]);
  expect((await drawn.find('area-disarm-problem')).textContent).toBe('The code is not right.');
});

it('warns of a schedule before, and puts it off', async () => {
  const next = {
    at: '2026-11-27T21:10:00.000Z',
    mode: 'night',
    warnFrom: '2026-11-27T21:00:00.000Z',
    postponeMinutes: 30,
  };
  const { api, drawn } = await open(area({ next: next as never }), {
    'POST /arming/house/postpone?site=yard': {},
  });
  expect((await drawn.find('area-next')).dataset.soon).toBe('true');
  await drawn.press('area-postpone');
  expect(api.bodiesOf('POST /arming/house/postpone?site=yard')).toMatchObject([{ at: next.at }]);
});

it('says in Chinese too what was not armed and why', async () => {
  const refused = {
    at: time,
    mode: 'away',
    problems: [{ device: 'window-3', problem: 'open', since: null }],
  };
  const { drawn } = await open(area({ refused: refused as never }), {}, { language: 'zh-CN' });
  expect((await drawn.find('area-refused')).textContent).toContain('未能布防（外出）：window-3 未关闭');
  expect(drawn.text).toContain('已撤防');
});
