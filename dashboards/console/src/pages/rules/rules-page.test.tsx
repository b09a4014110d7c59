// @vitest-environment jsdom
import { replayAnswerSchema, rulesViewSchema } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { rulesPage } from './rules-entry.ts';

const door = { base: 20, armed: 35, alert: 'always' } as const;
const view = rulesViewSchema.parse({
  ...{ site: 'yard', ruleSet: 'wp-1', file: null, severities: { medium: 25, high: 50, critical: 75 } },
  rules: [
    { event: 'sensor.alarm', kind: 'door', lifeSafety: false, builtIn: door, inForce: door },
    {
      ...{ event: 'sensor.alarm', kind: 'smoke', lifeSafety: true },
      ...{ builtIn: { ...door, base: 85 }, inForce: { ...door, base: 85 } },
    },
  ],
});
const answer = replayAnswerSchema.parse({
  ...{ site: 'yard', from: '2026-11-20T00:00:00.000Z', to: '2026-11-27T00:00:00.000Z', ruleSet: 'tried' },
  ...{ events: 812, estimated: 2, unshown: 3, tookMs: 4 },
  alerts: { before: 12, after: 9, same: 8, appear: 1, vanish: 4, change: 0 },
  differences: [
    {
      ...{ what: 'vanishes', openedAt: '2026-11-26T02:00:00.000Z', zone: 'gate', device: 'door1' },
      ...{ kind: 'watchpost.sensor.alarm.v1/door', alert: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80' },
      ...{ before: 'medium', score: 31, eventCount: 2 },
    },
  ],
});

let page: DrawnPage | undefined;
afterEach(() => page?.close());

async function open(answers: Record<string, unknown>, language: 'en' | 'zh-CN' = 'en') {
  const api = new FakeApi({ 'GET /rules?site=yard': view, ...answers });
  page = await openPage(
    rulesPage,
    { ask: api.ask, session: testSession(['site.edit']), sites: testSites },
    language,
  );
  await page.find('rules-table');
  return { api, page };
}

it.each([
  ['en', 'Door opened', 'Danger to life: always an alert', 'Nothing is changed.'],
  ['zh-CN', '门被打开', '危及生命：始终告警', '没有更改。'],
] as const)('shows in %s what each kind of event scores', async (language, ...words) => {
  const { page: drawn } = await open({}, language);
  for (const word of words) expect(drawn.text).toContain(word);
  expect(drawn.all('rule-alert-sensor.alarm.smoke')).toEqual([]);
});

it('tries what stands on the page, and puts it into force under a name', async () => {
  const { api, page: drawn } = await open({
    'POST /rules/replay?site=yard': answer,
    'POST /rules?site=yard': { ruleSet: 'nights@0' },
  });
  await drawn.fill({ 'rule-base-sensor.alarm.door': '5', 'rule-alert-sensor.alarm.door': 'when_armed' });
  expect((await drawn.find('rule-sensor.alarm.door')).dataset.changed).toBe('true');
  await drawn.press('rules-try');
  const said = (await drawn.find('rules-answer')).textContent;
  for (const words of ['9 alerts instead of 12', '4 fewer', '812 events']) expect(said).toContain(words);
  const row = await drawn.find('rules-difference');
  expect(row.textContent).toContain('would not be there; was Medium');
  expect(row.querySelector('a')?.getAttribute('href')).toBe('/alerts/01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80');
  const events = { 'sensor.alarm': { door: { base: 5, alert: 'when_armed' } } };
  const rules = { version: 1, extends: 'wp-1', events, context: {} };
  expect(api.bodiesOf('POST /rules/replay?site=yard')).toMatchObject([{ rules }]);
  await drawn.fill({ 'rules-name': 'nights', 'rules-note': 'For nights.' });
  await drawn.press('rules-force-now');
  expect(api.bodiesOf('POST /rules?site=yard')).toEqual([
    { basedOn: 'wp-1', name: 'nights', rules: { ...rules, note: 'For nights.' } },
  ]);
});

it('sends nothing while nothing is changed, and says why something was refused', async () => {
  const { api, page: drawn } = await open({
    'POST /rules?site=yard': new ApiProblem('site.changed_meanwhile', '', 409),
  });
  await drawn.fill({ 'rules-name': 'nights' });
  await drawn.press('rules-force-now');
  expect((await drawn.find('rules-force-now-problem')).textContent).toContain('Nothing is changed');
  expect(api.bodiesOf('POST /rules?site=yard')).toEqual([]);
  await drawn.fill({ 'rules-band-high': '20' });
  expect((await drawn.find('rules-bands-problem')).textContent).toContain('High');
  await drawn.press('rules-force-now');
  expect((await drawn.find('rules-force-now-problem')).textContent).not.toBe('');
});
