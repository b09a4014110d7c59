// @vitest-environment jsdom
import {
  type DutyException,
  dutyExceptionSchema,
  dutyFindingListSchema,
  dutyRotaDetailSchema,
  dutyShiftListSchema,
  type Handover,
  handoverSchema,
  onDutySchema,
} from '@watchpost/contracts/api';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { dutyPage } from './duty-entry.ts';

const id = (n: number) => `0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e${10 + n}`;
const me = testSession([]).account;
const ana = { id: me, name: 'Ana' };
const bo = { id: id(1), name: 'Bo' };
const rota = id(2);
const layers = [
  {
    ...{ name: 'Night', days: { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] } },
    ...{ from: '20:00', to: '08:00' },
    rotation: { since: '2026-01-05', unit: 'week', every: 1, people: [me] },
  },
];
const change = (changed: Partial<DutyException> = {}) =>
  dutyExceptionSchema.parse({
    ...{ id: id(3), rota, kind: 'override', state: 'valid', reason: 'is ill', ended: null, asked: null },
    ...{ from: '2026-11-28T12:00:00.000Z', until: '2026-11-28T20:00:00.000Z', madeBy: bo },
    parts: [{ from: '2026-11-28T12:00:00.000Z', until: '2026-11-28T20:00:00.000Z', person: bo }],
    madeAt: '2026-11-27T12:00:00.000Z',
    ...changed,
  });
const handover: Handover = handoverSchema.parse({
  ...{ site: 'yard', id: id(4), rota, rotaName: 'Night watch', at: '2026-11-27T19:58:00.000Z' },
  shift: { from: '2026-11-27T12:00:00.000Z', until: '2026-11-27T20:00:00.000Z' },
  ...{ giver: bo, taker: ana, signedAt: null, notes: 'Key 7 is at the desk', remark: '' },
  report: {
    ...{ openTotal: 1, decidedTotal: 1 },
    open: [
      {
        ...{ alert: id(5), eventType: 'watchpost.face.candidate.v1', zone: 'gate', severity: 'high' },
        ...{ state: 'acknowledged', openedAt: '2026-11-27T13:00:00.000Z' },
      },
    ],
    decided: [
      {
        ...{ alert: id(6), eventType: 'watchpost.pass.accepted.v1', zone: 'hall', severity: 'low', by: 'bo' },
        ...{ to: 'closed', disposition: 'nuisance', at: '2026-11-27T14:00:00.000Z' },
      },
    ],
  },
});
const now = onDutySchema.parse({
  at: '2026-11-27T13:00:00.000Z',
  rotas: [
    {
      ...{ site: 'yard', rota, name: 'Night watch', timeZone: 'Asia/Shanghai', person: ana },
      ...{ cause: 'rotation', until: '2026-11-28T00:00:00.000Z', next: null },
    },
  ],
});
const findings = dutyFindingListSchema.parse({
  at: '2026-11-27T13:00:00.000Z',
  findings: [
    {
      ...{ site: 'yard', kind: 'gap', rota, otherRota: null, person: null, soon: true },
      ...{ from: '2026-11-28T00:00:00.000Z', until: '2026-11-28T12:00:00.000Z' },
    },
  ],
});
const shifts = dutyShiftListSchema.parse({
  plannedUntil: '2027-01-26T13:00:00.000Z',
  shifts: [
    {
      ...{ site: 'yard', rota, from: '2026-11-28T12:00:00.000Z', until: '2026-11-29T00:00:00.000Z' },
      ...{ person: ana, cause: 'rotation', layer: 'Night' },
    },
  ],
});
const detail = (exceptions: readonly DutyException[]) =>
  dutyRotaDetailSchema.parse({
    ...{ site: 'yard', id: rota, version: 1, name: 'Night watch', zones: null, timeZone: 'Asia/Shanghai' },
    ...{ coverage: 'always', holidays: false, layers, people: [ana], exceptions },
  });
const until = '2026-12-11T13:00:00.000Z';
const base = {
  'GET /duty': now,
  'GET /duty/findings': findings,
  [`GET /duty/shifts?${new URLSearchParams({ from: now.at, until })}`]: shifts,
  [`GET /duty/rotas/${rota}`]: detail([change()]),
  'GET /duty/people?site=yard': { people: [ana, bo] },
  'GET /duty/handovers': { handovers: [], next: null },
};
const officer = ['duty.read', 'duty.take'] as const;
const supervisor = [...officer, 'duty.manage'] as const;

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = (answers: object, permissions: readonly ('duty.read' | 'duty.take' | 'duty.manage')[]) => {
  const api = new FakeApi({ ...base, ...answers });
  const props = { ask: api.ask, session: testSession(permissions), sites: testSites };
  return { api, drawn: (language: 'en' | 'zh-CN' = 'en') => openPage(dutyPage, props, language) };
};

it.each([
  [
    'en',
    ['Night watch', 'Ana', 'Nobody', 'nobody is on duty from', 'within 24 hours', 'override: Bo', '(Bo)'],
  ],
  ['zh-CN', ['Night watch', '当前值班', '无人值班', '24 小时内', '替班：Bo', '未来 14 天', '交接班记录']],
] as const)(
  'in %s it says who is on duty, what is wrong, and what takes the place of the rotation',
  async (language, said) => {
    page = await open({}, officer).drawn(language);
    await page.find('duty-now');
    for (const text of said) expect(page.text).toContain(text);
    // By the clock of the rota: 08:00 the next morning there.
    expect((await page.find('duty-now')).textContent).toMatch(/28.*08:00|08:00.*28/);
    expect((await page.find('duty-shift')).textContent).toContain('Night');
    // Who may not manage is not offered it.
    expect([...page.all('duty-override'), ...page.all('duty-cancel')]).toEqual([]);
  },
);

it('an override goes as wall time of the rota, and the page loads again', async () => {
  const { api, drawn } = open({ 'POST /duty/exceptions?site=yard': change() }, supervisor);
  page = await drawn();
  await page.press('duty-override');
  await page.fill({ 'override-from': '2026-11-28T20:00', 'override-until': '2026-11-29T08:00' });
  await page.fill({ 'override-person': bo.id, 'override-reason': 'is ill' });
  await page.press('override-set');
  expect(api.bodiesOf('POST /duty/exceptions?site=yard')).toMatchObject([
    {
      ...{ kind: 'override', rota, person: bo.id, reason: 'is ill' },
      ...{ from: '2026-11-28T20:00', until: '2026-11-29T08:00' },
    },
  ]);
  expect(api.bodiesOf('GET /duty')).toHaveLength(2);
});

it('why an override was refused stands beside its button', async () => {
  const refused = new ApiProblem('duty.overlap', '', 409);
  page = await open({ 'POST /duty/exceptions?site=yard': refused }, supervisor).drawn();
  await page.fill({ 'override-from': '2026-11-28T20:00', 'override-until': '2026-11-29T08:00' });
  await page.fill({ 'override-reason': 'is ill' });
  await page.press('override-set');
  expect((await page.find('override-set-problem')).textContent).toMatch(/already/);
});

it('who is asked for a swap answers, whoever asks sees that it waits', async () => {
  const swap = change({ kind: 'swap', state: 'asked', asked: ana });
  const answers = {
    [`GET /duty/rotas/${rota}`]: detail([swap]),
    [`POST /duty/swaps/${swap.id}/answer`]: { ...swap, state: 'valid' },
  };
  const { api, drawn } = open(answers, officer);
  page = await drawn();
  expect((await page.find('duty-swap-asked')).textContent).toMatch(/^Bo asks you to take over/);
  await page.press('duty-accept');
  expect(api.bodiesOf(`POST /duty/swaps/${swap.id}/answer`)).toEqual([{ accept: true }]);
  await page.close();
  const own = change({ kind: 'swap', state: 'asked', asked: bo, madeBy: ana });
  page = await open({ [`GET /duty/rotas/${rota}`]: detail([own]) }, officer).drawn();
  await page.find('duty-change');
  expect(page.text).toContain('Waits for the answer of Bo.');
  expect(page.all('duty-accept')).toEqual([]);
});

it('a rota is made of layers with people in their turns, and changed in the version that was seen', async () => {
  const { api, drawn } = open(
    { 'POST /duty/rotas?site=yard': detail([]), [`POST /duty/rotas/${rota}`]: detail([]) },
    supervisor,
  );
  page = await drawn();
  await page.press('rota-new');
  await page.fill({ 'rota-name': 'Day watch', 'layer-0-days': 'working_days', 'layer-0-to': '20:00' });
  await page.press('rota-save');
  expect((await page.find('rota-save-problem')).textContent).toMatch(/nobody in it/);
  await page.fill({ 'layer-0-add': bo.id });
  await page.fill({ 'layer-0-add': ana.id });
  await page.press('rota-save');
  expect(api.bodiesOf('POST /duty/rotas?site=yard')).toMatchObject([
    {
      ...{ name: 'Day watch', coverage: 'always', holidays: false },
      layers: [
        {
          ...{ days: { kind: 'working_days' }, from: '08:00', to: '20:00' },
          rotation: { unit: 'week', every: 1, people: [bo.id, ana.id] },
        },
      ],
    },
  ]);
  await page.press('rota-change');
  await page.fill({ 'rota-name': 'Night guard' });
  await page.press('rota-save');
  expect(api.bodiesOf(`POST /duty/rotas/${rota}`)).toMatchObject([
    { version: 1, name: 'Night guard', timeZone: 'Asia/Shanghai', zones: null, layers },
  ]);
});

it('a shift is given away by asking for it', async () => {
  const { api, drawn } = open({ 'POST /duty/swaps?site=yard': change() }, officer);
  page = await drawn();
  await page.find('swap-person');
  await page.fill({ 'swap-person': bo.id, 'swap-reason': 'a wedding' });
  await page.press('swap-ask');
  expect(api.bodiesOf('POST /duty/swaps?site=yard')).toMatchObject([
    {
      ...{ rota, with: bo.id, take: null, reason: 'a wedding' },
      give: { from: '2026-11-28T12:00:00.000Z', until: '2026-11-29T00:00:00.000Z' },
    },
  ]);
});

it('who is on duty hands over, and the report is shown as it is printed', async () => {
  const own = { ...handover, giver: ana, taker: bo };
  const answers = {
    'POST /duty/handovers?site=yard': own,
    [`GET /duty/handovers/${handover.id}`]: own,
  };
  const { api, drawn } = open(answers, officer);
  page = await drawn();
  await page.press('duty-handover');
  await page.fill({ 'handover-notes': 'Key 7 is at the desk' });
  await page.press('duty-handover-confirm');
  expect(api.bodiesOf('POST /duty/handovers?site=yard')).toMatchObject([
    { rota, notes: 'Key 7 is at the desk' },
  ]);
  const sheet = (await page.find('handover-sheet')).textContent ?? '';
  for (const text of ['Key 7', 'Open (1)', 'High', 'Gate', 'Acknowledged', 'Closed · Nuisance'])
    expect(sheet).toContain(text);
  // It is theirs to hand over, not to take.
  expect(page.all('handover-sign')).toEqual([]);
  const print = vi.spyOn(window, 'print').mockImplementation(() => undefined);
  await page.press('handover-print');
  expect(print).toHaveBeenCalledOnce();
});

it('who takes over signs, with a remark', async () => {
  let signedAt: string | null = null;
  const answers = {
    'GET /duty/handovers': { handovers: [listed(handover)], next: null },
    [`GET /duty/handovers/${handover.id}`]: () => ({ ...handover, signedAt }),
    [`POST /duty/handovers/${handover.id}/sign`]: () => {
      signedAt = '2026-11-27T20:01:00.000Z';
      return { ...handover, signedAt };
    },
  };
  const { api, drawn } = open(answers, officer);
  page = await drawn('zh-CN');
  await page.press('handover-open');
  expect((await page.find('handover-taken')).textContent).toBe('尚未接班（Ana）');
  await page.press('handover-sign');
  await page.fill({ 'handover-remark': '钥匙已收到' });
  await page.press('handover-sign-confirm');
  expect(api.bodiesOf(`POST /duty/handovers/${handover.id}/sign`)).toEqual([{ remark: '钥匙已收到' }]);
  expect((await page.find('handover-taken')).textContent).toMatch(/^接班人：Ana/);
  expect(page.all('handover-sign')).toEqual([]);
});

function listed({ notes: _notes, remark: _remark, report: _report, ...one }: Handover) {
  return one;
}
