// @vitest-environment jsdom
import {
  type Permission,
  privacyListSchema,
  siteEditsRequestSchema,
  siteFileViewSchema,
  sitePlanSchema,
} from '@watchpost/contracts/api';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession } from '../../testing/test-session.ts';
import { privacyPage } from './privacy-entry.ts';

const list = privacyListSchema.parse({
  records: [
    {
      site: 'park',
      purpose: 'people who were told to stay away',
      assessment: { reference: 'DPIA-7', approvedBy: 'R. Ito', approvedAt: '2026-01-10T20:00:00.000Z' },
      noticeSign: { place: 'left of the gate', checkedAt: '2026-01-10T08:00:00.000Z' },
      notPrivate: true,
      cameras: [
        { id: 'cam1', name: { en: 'Gate', 'zh-CN': '大门' }, zone: 'gate', faces: true },
        { id: 'cam3', name: { en: 'Ramp', 'zh-CN': '坡道' }, zone: 'gate', faces: false },
      ],
      due: [
        { what: 'sign', by: '2026-07-09', state: 'overdue' },
        { what: 'assessment', by: '2027-01-11', state: 'later' },
      ],
    },
  ],
  without: [{ site: 'park', id: 'cam2', name: { en: 'Yard', 'zh-CN': '院子' }, zone: 'gate' }],
  slowWithdrawals: [],
});

const record = {
  ...{ cameras: ['cam1'], purpose: 'people who were told to stay away', notPrivate: true },
  assessment: { reference: 'DPIA-7', approvedBy: 'R. Ito', approvedAt: '2026-01-10T20:00:00.000Z' },
  noticeSign: { place: 'left of the gate', checkedAt: '2026-01-10T08:00:00.000Z' },
};
const camera = (id: string, english: string, zone: string, more: object = {}) => ({
  ...{ id, kind: 'camera', zone, name: { en: english, 'zh-CN': english }, ...more },
});
const digest = (letter: string) => letter.repeat(64);
const fileWith = (privacy: readonly unknown[] = [record], letter = 'a') =>
  siteFileViewSchema.parse({
    ...{ site: 'park', digest: digest(letter), writtenAt: '2026-11-27T08:00:00.000Z', inForce: true },
    ...{ mistakes: [], unshown: 0, secrets: [] },
    value: {
      zones: [
        { id: 'gate', name: { en: 'Gate', 'zh-CN': '大门' }, public: true },
        { id: 'ward', name: { en: 'Ward', 'zh-CN': '病房' }, public: false },
      ],
      devices: [
        camera('cam1', 'Gate cam', 'gate'),
        camera('cam2', 'Yard cam', 'gate'),
        camera('cam3', 'Ward cam', 'ward'),
        camera('cam4', 'Off cam', 'gate', { faces: false }),
      ],
      privacy,
    },
  });
const planned = sitePlanSchema.parse({
  ...{ mistakes: [], unshown: 0, outcome: 'applies' },
  changes: { alerting: true, permits: false, untouched: ['gw-1'], gateways: [] },
});
const q = '?site=park';
const fake = (answers: Record<string, unknown> = {}) =>
  new FakeApi({
    'GET /privacy': list,
    [`GET /site-file${q}`]: fileWith(),
    [`POST /site-file/plan${q}`]: planned,
    [`POST /site-file/apply${q}`]: { ...planned, digest: digest('b') },
    ...answers,
  });
const editsOf = (body: unknown) => siteEditsRequestSchema.parse(body).edits;

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = async (
  api: FakeApi,
  language: 'en' | 'zh-CN' = 'en',
  permissions: readonly Permission[] = ['privacy.read', 'privacy.edit', 'site.read'],
) => {
  const [one] = testSession(permissions).sites;
  const session = testSession(permissions, {
    sites: one ? [{ ...one, site: 'park' as typeof one.site }] : [],
  });
  page = await openPage(privacyPage, { ask: api.ask, session, sites: new Map() }, language);
  await page.find('privacy-shown');
  return page;
};

it.each([
  ['en', ['Overdue', 'Check the notice sign by July 9, 2026', 'Not yet due', 'Ramp (switched off)', 'Yard']],
  ['zh-CN', ['已逾期', '2026年7月9日前检查告示牌', '未到期', '坡道（已关闭人脸识别）', '院子']],
] as const)('says what is due and whom it is about, in %s', async (language, said) => {
  const { text } = await open(fake(), language);
  for (const words of said) expect(text).toContain(words);
});

it.each([
  ['en', 'park: a gateway that is cut off may match what was withdrawn for up to 90 minutes'],
  ['zh-CN', 'park：撤回的名单条目在失去联系的网关上最长 90分钟后才停止比对'],
] as const)(
  'warns of withdrawals that take longer than a minute, with the reason, in %s',
  async (language, said) => {
    const slowWithdrawals = [{ site: 'park', withinMs: 5_400_000, reason: 'a tunnel without radio' }];
    const { text } = await open(fake({ 'GET /privacy': { ...list, slowWithdrawals } }), language);
    expect(text).toContain(said);
    expect(text).toContain('a tunnel without radio');
  },
);

it('says that nobody looks for faces where there is no record', async () => {
  const { text } = await open(fake({ 'GET /privacy': { records: [], without: [], slowWithdrawals: [] } }));
  expect(text).toContain('No camera looks for faces here');
});

it('says why nothing can be shown', async () => {
  const shown = await open(fake({ 'GET /privacy': new ApiProblem('api.forbidden', '', 403) }));
  expect(shown.text).toContain('does not allow');
});

it('a review that was made is entered with its new day, and nothing else of the file is edited', async () => {
  const api = fake();
  const shown = await open(api);
  await shown.press('privacy-edit');
  await shown.fill({ 'field-noticeSign-checkedAt': '2026-11-20', 'field-assessment-reviewBy': '2027-11-01' });
  expect((await shown.find('privacy-missing')).textContent).toContain('Nothing is missing');
  await shown.press('site-review');
  expect((await shown.find('site-plan')).textContent).toContain('console is away');
  expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
    { path: ['privacy', 0, 'assessment', 'reviewBy'], value: '2027-11-01' },
    { path: ['privacy', 0, 'noticeSign', 'checkedAt'], value: '2026-11-20T00:00:00.000Z' },
  ]);
  await shown.press('site-apply');
  expect(api.bodiesOf(`POST /site-file/apply${q}`)).toEqual(api.bodiesOf(`POST /site-file/plan${q}`));
  expect((await shown.find('privacy-said')).textContent).toContain('in force');
  await shown.press('privacy-back');
  await shown.find('privacy-record');
});

it.each([
  ['en', 'who approved it', 'Ward is private', 'switched on by this at: Yard cam, Ward cam', 'Off cam'],
  ['zh-CN', '批准人', '“病房”', '启用人脸识别：Yard cam、Ward cam', 'Off cam'],
] as const)(
  'a record that would switch faces on says in %s what is missing, and where',
  async (language, ...said) => {
    const api = fake();
    const shown = await open(api, language);
    await shown.press('privacy-edit-park');
    await shown.press('privacy-new');
    const missing = async () => (await shown.find('privacy-missing')).querySelectorAll('li').length;
    expect(await missing()).toBe(8);
    for (const id of ['cam2', 'cam3', 'cam4']) await shown.press(`field-cameras-${id}`);
    await shown.fill({ 'field-purpose': 'a ban', 'field-assessment-approvedAt': '2999-01-01' });
    for (const text of said) expect(shown.text).toContain(text);
    await shown.press('field-cameras-cam3');
    await shown.fill({
      ...{ 'field-assessment-reference': 'DPIA-8', 'field-assessment-approvedBy': 'R. Ito' },
      ...{ 'field-assessment-approvedAt': '2026-11-02', 'field-noticeSign-place': 'at the ramp' },
      'field-noticeSign-checkedAt': '2026-11-03',
    });
    expect(await missing()).toBe(1);
    await shown.press('field-notPrivate');
    expect(await missing()).toBe(0);
    await shown.press('site-review');
    expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
      {
        path: ['privacy', '-'],
        value: {
          ...{ cameras: ['cam2', 'cam4'], purpose: 'a ban', notPrivate: true },
          assessment: { reference: 'DPIA-8', approvedBy: 'R. Ito', approvedAt: '2026-11-02T00:00:00.000Z' },
          noticeSign: { place: 'at the ramp', checkedAt: '2026-11-03T00:00:00.000Z' },
        },
      },
    ]);
  },
);

it('what the server finds wrong stands beside its field', async () => {
  const mistake = {
    ...{ code: 'site.out_of_range', line: 9, column: 3, section: 'privacy' },
    ...{ path: '/privacy/0/assessment/approvedAt', details: { most: '2026-11-27' } },
  };
  const refused = { ...planned, outcome: 'refused', changes: null, mistakes: [mistake] };
  const shown = await open(fake({ [`POST /site-file/plan${q}`]: refused }));
  await shown.press('privacy-edit');
  await shown.fill({ 'field-purpose': 'another one' });
  await shown.press('site-review');
  expect((await shown.find('mistake-assessment-approvedAt')).textContent).toContain('2026-11-27');
  expect(shown.all('site-apply')).toEqual([]);
});

it('a record is taken away after it was said at which cameras that switches faces off', async () => {
  const other = { ...record, cameras: ['cam2'], assessment: { ...record.assessment, reference: 'DPIA-1' } };
  const api = fake({ [`GET /site-file${q}`]: fileWith([other, record]) });
  const shown = await open(api);
  await shown.press('privacy-edit');
  await shown.press('privacy-remove');
  expect((await shown.find('privacy-effects')).textContent).toContain('off by this at: Gate cam.');
  await shown.press('site-review');
  await shown.press('site-apply');
  expect(editsOf(api.bodiesOf(`POST /site-file/apply${q}`)[0])).toEqual([{ path: ['privacy', 1] }]);
});

it('when somebody else saved meanwhile, what was entered stands on their version, at its place there', async () => {
  const other = { ...record, cameras: ['cam2'], assessment: { ...record.assessment, reference: 'DPIA-1' } };
  const api = fake({ [`POST /site-file/plan${q}`]: new ApiProblem('site.changed_meanwhile', '', 409) });
  const shown = await open(api);
  await shown.press('privacy-edit');
  await shown.fill({ 'field-noticeSign-place': 'right of the gate' });
  await shown.press('site-review');
  const theirs = { ...record, purpose: 'people who were banned' };
  api.answers[`GET /site-file${q}`] = fileWith([other, theirs], 'b');
  api.answers[`POST /site-file/plan${q}`] = planned;
  await shown.press('site-reload');
  expect((await shown.find('field-purpose')).getAttribute('value')).toBe('people who were banned');
  await shown.press('site-review');
  expect(api.bodiesOf(`POST /site-file/plan${q}`).at(-1)).toEqual({
    basedOn: digest('b'),
    edits: [{ path: ['privacy', 1, 'noticeSign', 'place'], value: 'right of the gate' }],
  });
});

it.each([[['privacy.read']], [['privacy.read', 'privacy.edit']], [['privacy.read', 'site.read']]] as const)(
  'with %j alone nothing is offered to edit',
  async (permissions) => {
    const shown = await open(fake(), 'en', permissions);
    expect([...shown.all('privacy-edit'), ...shown.all('privacy-edit-park')]).toEqual([]);
  },
);

it.each([
  ['en', 'Struck out in 1 text.'],
  ['zh-CN', '已删去 1 段文字中的姓名。'],
] as const)(
  'a name is looked for in what people wrote and struck out where it was chosen, in %s',
  async (language, said) => {
    const [own, other] = ['0190a000-0000-4000-8000-000000000001', '17'];
    const at = '2026-11-27T08:00:00.000Z';
    let texts = [
      { kind: 'incident_note', id: own, at, text: 'Olga P. was here' },
      { kind: 'alert_step', id: other, at, text: 'another Olga P.' },
    ];
    const api = fake({
      [`POST /free-text/find${q}`]: () => ({ texts, more: false, audited: 2 }),
      [`POST /free-text/strike${q}`]: () => {
        texts = texts.slice(1);
        return { struck: 1 };
      },
    });
    const shown = await open(api, language, ['privacy.read', 'lists.approve']);
    await shown.fill({ 'names-words': 'Olga P.' });
    await shown.press('names-find');
    await shown.find('names-found');
    expect(shown.text).toContain('Olga P. was here');
    await shown.press('names-text');
    await shown.press('names-strike');
    await shown.find('names-reason');
    await shown.fill({ 'names-reason': 'asked for by the person' });
    await shown.press('names-strike-confirm');
    await expect.poll(() => shown.text).toContain(said);
    expect(api.bodiesOf(`POST /free-text/strike${q}`)).toEqual([
      {
        ...{ words: 'Olga P.', whole: false, reason: 'asked for by the person' },
        places: [{ kind: 'incident_note', id: own }],
      },
    ]);
    expect(shown.text).not.toContain('Olga P. was here');
  },
);

it('who may not erase anybody is not offered it', async () => {
  const shown = await open(fake(), 'en', ['privacy.read']);
  expect(shown.all('names-form')).toEqual([]);
});
