// @vitest-environment jsdom
import { type NoticePage, type Receiver, receiverSchema, rolePermissions } from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { receiversPage } from './receivers-entry.ts';

const id = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e11';
const receiver: Receiver = receiverSchema.parse({
  ...{ site: 'yard', id, name: 'Fire post', account: null, language: 'en', fallback: true, cap: 20 },
  ...{ address: { kind: 'wecom', robot: 'notify-post' }, severities: ['high', 'critical'], quiet: null },
  ...{ madeAt: '2026-11-27T08:00:00.000Z', verifiedAt: null, failingSince: null, fault: null },
});
const log: NoticePage = {
  notices: [
    {
      ...{ id, site: receiver.site, subject: id, receiver: receiver.id, channel: 'wecom', kind: 'opened' },
      ...{ severity: 'critical', at: '2026-11-27T08:00:00.000Z', state: 'refused', attempts: 1 },
      ...{
        sentAt: null,
        dueAt: null,
        cappedUntil: null,
        bundle: null,
        code: 'notify.credentials',
        remoteId: null,
      },
    } as NoticePage['notices'][number],
  ],
  next: null,
};
const answers = {
  'GET /receivers?site=yard': { receivers: [receiver] },
  'GET /duty/people?site=yard': { people: [{ id, name: 'Ana' }] },
  [`GET /notices?site=yard&receiver=${id}`]: log,
  'POST /receivers?site=yard': receiver,
  [`POST /receivers/${id}/test?site=yard`]: { outcome: 'refused', code: 'notify.credentials' },
};

let page: DrawnPage | undefined;
afterEach(() => page?.close());
const open = async (api: FakeApi, language: 'en' | 'zh-CN' = 'en') => {
  const session = testSession(rolePermissions.supervisor);
  page = await openPage(receiversPage, { ask: api.ask, session, sites: testSites }, language);
  return page;
};

it.each([
  ['en', ['Fire post', 'WeCom robot', 'High, Critical', 'stands in', 'Not tested'], ['Refused', 'It is on']],
  ['zh-CN', ['Fire post', '企业微信机器人', '替补', '尚未测试'], ['被拒绝', '警情发生']],
] as const)(
  'the list and the log say in %s who is told how, and what became of it',
  async (language, list, told) => {
    const shown = await open(new FakeApi(answers), language);
    await shown.find('receiver');
    for (const text of list) expect(shown.text).toContain(text);
    await shown.press('receiver-log');
    await shown.find('notice');
    for (const text of told) expect(shown.text).toContain(text);
  },
);

it('a test says why it did not come through', async () => {
  const shown = await open(new FakeApi(answers));
  await shown.press('receiver-test');
  const said = await shown.find('receiver-tested');
  expect(said.textContent).toMatch(/^The test was refused: The receiver refused the key/);
});

it('a receiver is made with the parts of its channel, and nothing for what was left empty', async () => {
  const api = new FakeApi(answers);
  const shown = await open(api);
  await shown.press('receivers-new');
  await shown.fill({ 'receiver-name': 'Group', 'receiver-channel': 'dingtalk' });
  await shown.fill({ 'receiver-robot': 'notify-group', 'receiver-cap': '' });
  await shown.press('receiver-severity-critical');
  await shown.press('receiver-save');
  expect(api.bodiesOf('POST /receivers?site=yard')).toMatchObject([
    {
      ...{ name: 'Group', account: null, severities: ['critical'], fallback: false, cap: null },
      address: { kind: 'dingtalk', robot: 'notify-group' },
    },
  ]);
});

it('one that is changed keeps what was not touched', async () => {
  const api = new FakeApi(answers);
  const shown = await open(api);
  await shown.press('receiver-change');
  await shown.fill({ 'receiver-name': 'Fire post 2' });
  await shown.press('receiver-save');
  expect(api.bodiesOf('POST /receivers?site=yard')).toMatchObject([
    {
      ...{ id, name: 'Fire post 2', fallback: true, cap: 20 },
      address: { kind: 'wecom', robot: 'notify-post' },
    },
  ]);
});

it('a receiver of a person is verified by the code that the person reads', async () => {
  const api = new FakeApi({
    ...answers,
    'GET /receivers?site=yard': { receivers: [{ ...receiver, account: id }] },
    [`POST /receivers/${id}/code?site=yard`]: { outcome: 'sent', code: null },
    [`POST /receivers/${id}/verify?site=yard`]: receiver,
  });
  const shown = await open(api);
  await shown.press('receiver-code');
  await shown.press('receiver-verify');
  await shown.fill({ 'receiver-verify-code': '123456' });
  await shown.press('receiver-verify-confirm');
  expect(api.bodiesOf(`POST /receivers/${id}/verify?site=yard`)).toEqual([{ code: '123456' }]);
});
