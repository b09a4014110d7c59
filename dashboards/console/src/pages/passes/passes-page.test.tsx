// @vitest-environment jsdom
import { type Pass, passSchema, rolePermissions, type Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem, type Ask } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { linkedPassPage, passesPage } from './passes-entry.ts';

const site = {
  ...{ id: 'yard', name: { en: 'Yard', 'zh-CN': '货场' }, timeZone: 'Asia/Shanghai' },
  zones: [{ id: 'hall', name: { en: 'Hall', 'zh-CN': '大厅' } }],
} as unknown as Site;
const session = {
  ...{ user: 'ana', role: 'officer', permissions: [...rolePermissions.officer] },
  sites: [{ site: 'yard', role: 'officer', permissions: [...rolePermissions.officer], zones: null }],
} as unknown as Session;
const id = '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e11';
const pass: Pass = passSchema.parse({
  ...{ site: 'yard', id, state: 'valid', gates: ['gate'], purpose: 'work', reference: 'WO-4711' },
  ...{ address: null, notBefore: '2026-11-27T08:00:00.000Z', notAfter: '2026-11-27T16:00:00.000Z' },
  ...{ maxUses: 1, uses: 2, over: 1, issuedAt: '2026-11-27T08:00:00.000Z', issuedBy: 'ana' },
  ...{ revoked: null, link: null },
  usesTaken: [
    {
      ...{ at: '2026-11-27T09:00:00.000Z', gate: 'gate', gateway: 'edge2', offline: true, over: true },
    },
  ],
});
const gates = {
  time: '2031-05-01T08:00:00.000Z',
  gates: [
    { name: 'gate', zones: ['hall'], gateways: ['edge1'] },
    { name: 'ramp', zones: ['hall'], gateways: ['edge1', 'edge2'] },
  ],
  longestHours: 100,
  usesAtMost: 10,
};

const base = {
  'GET /passes': { passes: [pass], next: null },
  [`GET /passes/${id}`]: pass,
  'GET /passes/gates?site=yard': gates,
  'POST /passes?site=yard': pass,
  [`POST /passes/${id}/show`]: { text: 'WP1:ABC' },
  [`POST /passes/${id}/link`]: { token: 'S'.repeat(43), expires: '2026-11-27T16:00:00.000Z' },
  [`POST /passes/${id}/revoke`]: { ...pass, state: 'revoked' },
};

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = (ask: Ask, language: 'en' | 'zh-CN' = 'en') =>
  openPage(passesPage, { ask, session, sites: new Map([['yard', site]]) }, language);

it.each([
  ['en', ['Good', 'Work · WO-4711', '2 of 1 · one too many'], ['told later', '1 use too many']],
  ['zh-CN', ['有效', '施工 · WO-4711', '可用 1 次，已用 2 次 · 超出次数'], ['事后补报', '超出 1 次']],
] as const)(
  'the list and one pass say in %s what they are and how they were used',
  async (language, list, one) => {
    const { ask } = new FakeApi(base);
    page = await open(ask, language);
    await page.find('passes-open');
    for (const text of list) expect(page.text).toContain(text);
    await page.press('passes-open');
    await page.find('pass-use');
    for (const text of one) expect(page.text).toContain(text);
  },
);

it('a pass is issued for one gate, from now on, for eight hours and one use, unless somebody says otherwise', async () => {
  const { ask, asked } = new FakeApi(base);
  page = await open(ask);
  await page.press('passes-new');
  await page.press('pass-issue');
  const { body } = asked.find(({ path }) => path === '/passes?site=yard') as {
    body: Record<string, unknown>;
  };
  expect(body).toMatchObject({ gates: ['gate'], purpose: 'visit', maxUses: 1 });
  expect(Object.keys(body).sort()).toEqual(['gates', 'id', 'maxUses', 'notAfter', 'purpose']);
  // By the clock of the server.
  expect(String(body.notAfter).slice(0, 14)).toBe('2031-05-01T16:');
  await page.find('pass-facts');
});

it('the form offers what the site allows, and says where one use may become two', async () => {
  const { ask, asked } = new FakeApi(base);
  page = await open(ask);
  await page.press('passes-new');
  const hours = [...(await page.find('pass-hours')).querySelectorAll('option')].map(({ value }) => +value);
  expect(Math.max(...hours)).toBe(72);
  expect(page.all('pass-shared-gate')).toEqual([]);
  await page.press('pass-gate-ramp');
  expect((await page.find('pass-shared-gate')).textContent).toContain('ramp');
  await page.fill({ 'pass-max-uses': '3', 'pass-reference': 'WO-1', 'pass-from': '2026-12-01T08:00' });
  expect(page.all('pass-shared-gate')).toEqual([]);
  await page.press('pass-issue');
  expect(asked.at(-2)?.body).toMatchObject({
    ...{ gates: ['gate', 'ramp'], reference: 'WO-1', maxUses: 3 },
    notBefore: new Date('2026-12-01T08:00').toISOString(),
  });
});

it('a press that is repeated after a lost answer asks for the same pass', async () => {
  const lost = { ...base, 'POST /passes?site=yard': new ApiProblem('console.network', '', 0) };
  const { ask, asked } = new FakeApi(lost);
  page = await open(ask);
  await page.press('passes-new');
  await page.press('pass-issue');
  expect((await page.find('pass-issue-problem')).textContent).not.toBe('');
  await page.press('pass-issue');
  const ids = asked.flatMap(({ method, body }) => (method === 'POST' ? [(body as { id: string }).id] : []));
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

it('a pass is shown to be printed, sent by a link that stands there once, and revoked with a reason', async () => {
  const { ask, asked } = new FakeApi(base);
  page = await open(ask);
  await page.press('passes-open');
  expect(page.all('qr-code')).toEqual([]);
  await page.press('pass-show');
  await page.find('qr-code');
  const print = vi.fn();
  Object.assign(window, { print });
  await page.press('pass-print');
  expect(print).toHaveBeenCalledOnce();
  await page.press('pass-send');
  await page.press('pass-send-confirm');
  expect((await page.find('pass-link-value')).textContent).toBe(`${location.origin}/pass#${'S'.repeat(43)}`);
  await page.press('pass-link-done');
  expect(page.text).not.toContain('SSSS');
  await page.press('pass-revoke');
  await page.fill({ 'pass-revoke-reason': 'cancelled' });
  await page.press('pass-revoke-confirm');
  expect(asked.find(({ path }) => path.endsWith('/revoke'))?.body).toEqual({ reason: 'cancelled' });
});

it.each([
  ['en', 'Held', 'out of a backup'],
  ['zh-CN', '待确认', '来自备份'],
] as const)('a pass out of a backup is held, says in %s why, and is confirmed', async (language, ...said) => {
  const held = { ...pass, state: 'held' as const };
  const api = new FakeApi({
    ...base,
    'GET /passes': { passes: [held, { ...pass, id: pass.id.replace('0b', '0c') }], next: null },
    [`GET /passes/${id}`]: held,
    'POST /passes/confirm': { confirmed: 1 },
  });
  page = await open(api.ask, language);
  await page.find('passes-held');
  for (const text of said) expect(page.text).toContain(text);
  await page.press('passes-open');
  await page.find('passes-held');
  expect([...page.all('pass-show'), ...page.all('pass-send')]).toEqual([]);
  await page.find('pass-revoke');
  await page.press('passes-confirm');
  expect(api.bodiesOf('POST /passes/confirm')).toEqual([]);
  api.answers[`GET /passes/${id}`] = pass;
  await page.press('passes-confirm-confirm');
  expect(api.bodiesOf('POST /passes/confirm')).toEqual([{ ids: [id] }]);
  await page.find('pass-show');
  expect(page.all('passes-held')).toEqual([]);
});

it('a refusal stands where it was asked for', async () => {
  const { ask } = new FakeApi({
    ...base,
    'POST /passes?site=yard': new ApiProblem('pass.gate_outside', '', 403),
  });
  page = await open(ask);
  await page.press('passes-new');
  await page.press('pass-issue');
  expect((await page.find('pass-issue-problem')).textContent).toContain('zones');
});

it.each(['en', 'zh-CN'] as const)(
  'a link shows the pass to a visitor in %s, or says that it is over',
  async (language) => {
    const linked = {
      ...{
        text: 'WP1:ABC',
        name: { en: 'Yard', 'zh-CN': '货场' },
        timeZone: 'Asia/Shanghai',
        gates: ['gate'],
      },
      ...{ address: 'unit-12', notBefore: pass.notBefore, notAfter: pass.notAfter, maxUses: 1 },
    };
    const good = new FakeApi({ 'POST /pass-link': linked });
    page = await openPage(linkedPassPage, { ask: good.ask, token: 'secret' }, language);
    await page.find('qr-code');
    expect(good.asked).toEqual([{ method: 'POST', path: '/pass-link', body: { token: 'secret' } }]);
    expect(page.text).toContain(language === 'en' ? 'Yard' : '货场');
    expect(page.text).not.toContain('secret');
    await page.close();
    const over = new FakeApi({ 'POST /pass-link': new ApiProblem('pass.link_invalid', '', 410) });
    page = await openPage(linkedPassPage, { ask: over.ask, token: 'secret' }, language);
    await page.settle();
    expect(page.all('qr-code')).toEqual([]);
    expect((await page.find('linked-problem')).textContent).toContain(language === 'en' ? 'link' : '链接');
  },
);
