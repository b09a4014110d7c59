// @vitest-environment jsdom
import { type Plate, plateSchema, rolePermissions, siteFileViewSchema } from '@watchpost/contracts/api';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { platesPage } from './plates-entry.ts';

const id = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e11';
const plate: Plate = plateSchema.parse({
  ...{ site: 'yard', id, state: 'good', zone: 'gate', address: 'B3-2', name: 'Block 3, entrance 2' },
  ...{ issuedAt: '2026-11-27T08:00:00.000Z', issuedBy: 'ana', retired: null },
  text: `https://plates.example/a/${id}?k=k1&s=${'s'.repeat(86)}`,
  scans: { count: 2, newest: '2026-11-27T09:00:00.000Z' },
  scansSeen: [{ at: '2026-11-27T09:00:00.000Z', device: 'cam1', gateway: 'edge1', zone: 'gate' }],
});
const answers = {
  'GET /plates': { plates: [plate], next: null },
  [`GET /plates/${id}`]: plate,
  'POST /plates?site=yard': plate,
  [`POST /plates/${id}/retire`]: plate,
};

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = async (
  api: FakeApi,
  language: 'en' | 'zh-CN' = 'en',
  role: keyof typeof rolePermissions = 'supervisor',
) => {
  const session = testSession(rolePermissions[role]);
  page = await openPage(platesPage, { ask: api.ask, session, sites: testSites }, language);
  return page;
};

it.each([
  ['en', ['Gate', 'In use', '2, the last one'], ['Issued', 'cam1', 'B3-2']],
  ['zh-CN', ['大门', '使用中', '2 次，最近一次'], ['签发', 'cam1', 'B3-2']],
] as const)(
  'the list and one plate say in %s what they are and who read them',
  async (language, list, one) => {
    const shown = await open(new FakeApi(answers), language);
    await shown.find('plates-open');
    for (const text of list) expect(shown.text).toContain(text);
    await shown.press('plates-open');
    await shown.find('plate-scan');
    for (const text of one) expect(shown.text).toContain(text);
  },
);

it('a plate is issued for a place, and stands there to be printed with its address below', async () => {
  const api = new FakeApi({ ...answers });
  const shown = await open(api);
  await shown.press('plates-new');
  await shown.fill({ 'plate-address': 'B3-2', 'plate-name': 'Block 3, entrance 2', 'plate-zone': 'hall' });
  await shown.press('plate-issue');
  expect(api.bodiesOf('POST /plates?site=yard')).toMatchObject([
    { zone: 'hall', address: 'B3-2', name: 'Block 3, entrance 2' },
  ]);
  const sheet = await shown.find('plate-sheet');
  expect(sheet.querySelector('[data-testid="qr-code"]')).not.toBeNull();
  expect(sheet.textContent).toBe('Block 3, entrance 2B3-2');
  const print = vi.fn();
  Object.assign(window, { print });
  await shown.press('plate-print');
  expect(print).toHaveBeenCalledOnce();
});

it('a press that is repeated after a lost answer asks for the same plate', async () => {
  const api = new FakeApi({ ...answers, 'POST /plates?site=yard': new ApiProblem('console.network', '', 0) });
  const shown = await open(api);
  await shown.press('plates-new');
  await shown.fill({ 'plate-address': 'B3-2', 'plate-name': 'Block 3' });
  await shown.press('plate-issue');
  expect((await shown.find('plate-issue-problem')).textContent).not.toBe('');
  await shown.press('plate-issue');
  const ids = api.bodiesOf('POST /plates?site=yard').map((body) => (body as { id: string }).id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

it('one is retired with a reason, is not printed any more, and says when it is still read', async () => {
  const retired = { at: '2026-11-27T08:30:00.000Z', by: 'ana', reason: 'new door' };
  const api = new FakeApi({ ...answers });
  const shown = await open(api);
  await shown.press('plates-open');
  await shown.press('plate-retire');
  await shown.fill({ 'plate-retire-reason': 'new door' });
  api.answers[`GET /plates/${id}`] = { ...plate, state: 'retired', retired };
  await shown.press('plate-retire-confirm');
  expect(api.bodiesOf(`POST /plates/${id}/retire`)).toEqual([{ reason: 'new door' }]);
  expect((await shown.find('plate-retired')).textContent).toContain('new door');
  await shown.find('plate-still-hangs');
  expect([...shown.all('plate-sheet'), ...shown.all('plate-print')]).toEqual([]);
});

it('the host name on plates is set in the site file, by who may edit that, after a look at what restarts', async () => {
  const view = siteFileViewSchema.parse({
    ...{ site: 'yard', digest: 'a'.repeat(64), writtenAt: '2026-11-27T08:00:00.000Z', inForce: true },
    ...{ value: { id: 'yard' }, mistakes: [], unshown: 0, secrets: [] },
  });
  const planned = {
    ...{ mistakes: [], unshown: 0, warnings: [], outcome: 'applies' },
    changes: { alerting: true, permits: false, gateways: [], untouched: [] },
  };
  const api = new FakeApi({
    ...answers,
    'GET /site-file?site=yard': view,
    'POST /site-file/plan?site=yard': planned,
    'POST /site-file/apply?site=yard': { ...planned, digest: 'b'.repeat(64) },
  });
  const shown = await open(api, 'en', 'integrator');
  await shown.press('plates-domain-yard');
  await shown.fill({ 'field-plateDomain': 'plates.example' });
  await shown.press('site-review');
  await shown.press('site-apply');
  expect(api.bodiesOf('POST /site-file/apply?site=yard')).toEqual([
    { basedOn: 'a'.repeat(64), edits: [{ path: ['passes', 'plateDomain'], value: 'plates.example' }] },
  ]);
  expect((await shown.find('plates-said')).textContent).toContain('in force');
});

it('an officer looks and prints, and is offered neither to issue nor to retire', async () => {
  const shown = await open(new FakeApi(answers), 'en', 'officer');
  await shown.find('plates-open');
  expect([...shown.all('plates-new'), ...shown.all('plates-domain-yard')]).toEqual([]);
  await shown.press('plates-open');
  await shown.find('plate-print');
  expect(shown.all('plate-retire')).toEqual([]);
});
