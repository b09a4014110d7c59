// @vitest-environment jsdom

import { siteEditsRequestSchema, siteFileViewSchema, sitePlanSchema } from '@watchpost/contracts/api';
import { act } from 'react';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { testSession, testSites } from '../../testing/test-session.ts';
import { loadPageTexts } from '../../texts/i18n.ts';
import { SitePage } from './site-page.tsx';
import { siteEn } from './texts-en.ts';
import { siteZhCn } from './texts-zh-cn.ts';

const name = (english: string, chinese: string) => ({ en: english, 'zh-CN': chinese });
const file = {
  ...{ version: 1, id: 'yard', name: name('The yard', '堆场'), timeZone: 'Asia/Shanghai' },
  plans: [
    {
      ...{ id: 'ground', name: name('Ground', '一层'), widthM: 40, heightM: 30 },
      northWest: { latitude: 30, longitude: 120 },
    },
  ],
  schedules: { always: [{ from: '00:00', to: '24:00' }] },
  zones: [
    {
      ...{ id: 'gate', name: name('Gate', '大门'), plan: 'ground', criticality: 0.5, public: false },
      ...{
        outline: [
          [1, 1],
          [39, 1],
          [39, 29],
        ],
        armed: ['always'],
      },
    },
  ],
  gateways: [{ id: 'gw-1', local: true }],
  devices: [
    {
      ...{ id: 'camera-1', kind: 'camera', profile: 'generic-camera', gateway: 'gw-1', zone: 'gate' },
      ...{ name: name('Gate camera', '大门摄像机'), mount: { at: [3, 4] } },
      connect: {
        driver: 'rtsp',
        url: 'rtsp://192.168.1.20/s',
        user: 'view',
        password: { secret: 'yard.cam' },
      },
    },
  ],
};
const digest = (letter: string) => letter.repeat(64);
const viewOf = (change: object = {}, letter = 'a') =>
  siteFileViewSchema.parse({
    ...{ site: 'yard', digest: digest(letter), writtenAt: '2026-11-27T08:00:00.000Z', inForce: true },
    ...{ value: { ...file, ...change }, mistakes: [], unshown: 0, secrets: ['yard.cam'] },
  });
const good = sitePlanSchema.parse({
  ...{ mistakes: [], unshown: 0, outcome: 'applies' },
  changes: {
    ...{ alerting: true, permits: false, untouched: [] },
    gateways: [{ gateway: 'gw-1', changed: ['camera-1'], added: [], gone: [], kept: ['a', 'b'] }],
  },
});
const q = '?site=yard';

let page: DrawnPage | undefined;
afterEach(() => page?.close());

async function open(
  api: FakeApi,
  language: 'en' | 'zh-CN' = 'en',
  permissions = ['site.read', 'site.edit'] as const,
) {
  const texts = await DrawnPage.open(<p />, { language });
  await loadPageTexts({ en: async () => siteEn, 'zh-CN': async () => siteZhCn });
  await texts.close();
  const session = testSession(permissions);
  return DrawnPage.open(<SitePage ask={api.ask} session={session} sites={testSites} />, { language });
}
const fake = (answers: Record<string, unknown> = {}) =>
  new FakeApi({
    [`GET /site-file${q}`]: viewOf(),
    [`POST /site-file/plan${q}`]: good,
    [`POST /site-file/apply${q}`]: { ...good, digest: digest('b') },
    ...answers,
  });
const editsOf = (body: unknown) => siteEditsRequestSchema.parse(body).edits;

it.each([
  ['en', ['Gate camera', 'Camera', 'Gate', 'Masks, areas and lines']],
  ['zh-CN', ['大门摄像机', '摄像机', '大门', '遮挡、区域与警戒线']],
] as const)('the devices of a site are listed in %s', async (language, said) => {
  page = await open(fake(), language);
  await page.find('device-row');
  for (const text of said) expect(page.text).toContain(text);
});

it('a change says what would happen before it is applied, and edits no more than was changed', async () => {
  const api = fake();
  page = await open(api);
  await page.press('device-open');
  await page.fill({ 'field-connect-url': 'http://192.168.1.21/pictures' });
  expect(page.all('site-apply')).toEqual([]);
  await page.press('site-review');
  expect((await page.find('site-plan')).textContent).toContain('gw-1 starts again: camera-1');
  expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
    { path: ['devices', 0, 'connect', 'driver'], value: 'http' },
    { path: ['devices', 0, 'connect', 'url'], value: 'http://192.168.1.21/pictures' },
  ]);
  expect(api.bodiesOf(`POST /site-file/apply${q}`)).toEqual([]);
  await page.press('site-apply');
  expect(api.bodiesOf(`POST /site-file/apply${q}`)).toEqual(api.bodiesOf(`POST /site-file/plan${q}`));
  expect((await page.find('site-said')).textContent).toContain('Gate camera');
});

it('whoever changes something after looking has to look again', async () => {
  page = await open(fake());
  await page.press('device-open');
  await page.fill({ 'field-name-en': 'Front camera' });
  await page.press('site-review');
  await page.find('site-apply');
  await page.fill({ 'field-name-en': 'Front gate camera' });
  expect(page.all('site-apply')).toEqual([]);
});

it('a password goes to the server by itself, and the file names it', async () => {
  const api = fake({ [`PUT /secrets/camera-1-password${q}`]: { secret: 'yard.camera-1-password' } });
  page = await open(api);
  await page.press('device-open');
  await page.fill({ 'secret-connect-password': 'a b c' });
  await page.press('site-review');
  expect(api.bodiesOf(`PUT /secrets/camera-1-password${q}`)).toEqual([{ value: 'a b c' }]);
  const asked = JSON.stringify(api.bodiesOf(`POST /site-file/plan${q}`));
  expect(asked).toContain('yard.camera-1-password');
  expect(asked).not.toContain('a b c');
  expect(((await page.find('secret-connect-password')) as HTMLInputElement).value).toBe('');
});

it('a camera that its gateway finds nothing at is not looked at further, unless somebody says so', async () => {
  const api = fake({ [`POST /cameras/try${q}`]: { error: 'edge.camera_no_video' } });
  page = await open(api);
  await page.press('device-open');
  await page.fill({ 'field-name-en': 'Front gate' });
  await page.press('site-review');
  // Its name says nothing of how it is reached.
  expect(api.bodiesOf(`POST /cameras/try${q}`)).toEqual([]);
  await page.fill({ 'field-connect-url': 'rtsp://192.168.1.21/s' });
  await page.press('site-review');
  expect((await page.find('camera-tried')).dataset.error).toBe('edge.camera_no_video');
  expect(page.all('site-apply')).toEqual([]);
  expect(api.bodiesOf(`POST /cameras/try${q}`)).toMatchObject([
    { gateway: 'gw-1', connect: { url: 'rtsp://192.168.1.21/s', password: { secret: 'yard.cam' } } },
  ]);
  await page.press('camera-anyway');
  expect(page.all('site-apply')).toHaveLength(1);
});

it('a mistake stands beside its field, and nothing can be applied', async () => {
  const mistake = {
    ...{ code: 'site.unknown_profile', line: 30, column: 5, section: 'devices' },
    ...{ path: '/devices/0/profile', details: { known: 'generic-camera' } },
  };
  page = await open(fake({ [`POST /site-file/plan${q}`]: { ...good, mistakes: [mistake] } }));
  await page.press('device-open');
  await page.fill({ 'field-profile': 'none-such' });
  await page.press('site-review');
  expect((await page.find('mistake-profile')).textContent).toContain('generic-camera');
  expect((await page.find('field-profile')).getAttribute('aria-invalid')).toBe('true');
  expect(page.all('site-apply')).toEqual([]);
});

it('who was overtaken keeps what was entered, and is told what both changed', async () => {
  let read = 0;
  const theirs = {
    devices: [{ ...file.devices[0], zone: 'hall', name: name('Their name', '大门摄像机') }],
  };
  let plans = 0;
  const api = fake({
    [`GET /site-file${q}`]: () => (read++ === 0 ? viewOf() : viewOf(theirs, 'c')),
    [`POST /site-file/plan${q}`]: () =>
      plans++ === 0 ? new ApiProblem('site.changed_meanwhile', '', 409) : good,
  });
  page = await open(api);
  await page.press('device-open');
  await page.fill({ 'field-name-en': 'My name' });
  await page.press('site-review');
  await page.find('site-outdated');
  await page.press('site-reload');
  expect((await page.find('site-note')).textContent).toContain('/name/en');
  expect(((await page.find('field-name-en')) as HTMLInputElement).value).toBe('My name');
  await page.press('site-review');
  const body = siteEditsRequestSchema.parse(api.bodiesOf(`POST /site-file/plan${q}`).at(-1));
  expect(body).toEqual({
    basedOn: digest('c'),
    // Their zone stays.
    edits: [{ path: ['devices', 0, 'name', 'en'], value: 'My name' }],
  });
});

it('a new device has a free id, the usual profile and a place in the middle of its zone', async () => {
  const api = fake();
  page = await open(api);
  await page.press('device-add');
  await page.fill({ 'field-kind': 'smoke', 'field-name-en': 'Smoke' });
  await page.fill({ 'field-connect-driver': 'simulator' });
  await page.press('site-review');
  expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
    {
      path: ['devices', '-'],
      value: {
        ...{ id: 'smoke-1', kind: 'smoke', profile: 'generic-smoke', gateway: 'gw-1', zone: 'gate' },
        ...{ mount: { at: [26.3, 10.3] }, connect: { driver: 'simulator' } },
        name: name('Smoke', 'Smoke'),
      },
    },
  ]);
});

it('a zone is drawn by its numbers, and moved with the arrow keys', async () => {
  const api = fake();
  page = await open(api);
  await page.press('site-part-zones');
  await page.press('zone-open');
  await page.fill({ 'zone-outline-x-1': '20' });
  const [corner] = page.all('zone-outline-corner');
  await act(async () => {
    corner?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', shiftKey: true, bubbles: true }));
  });
  await page.press('site-review');
  expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
    {
      path: ['zones', 0, 'outline'],
      value: [
        [1, 2],
        [20, 1],
        [39, 29],
      ],
    },
  ]);
});

it('a policy number is written with its unit, and taken away again when it is emptied', async () => {
  const api = fake({ [`GET /site-file${q}`]: viewOf({ policy: { losses: { camera: '45s' } } }) });
  page = await open(api);
  await page.press('site-part-policy');
  await page.fill({
    'policy-losses-gateway': '90',
    'policy-alerts-openPerDevice': '5',
    'policy-losses-camera': '',
  });
  await page.press('site-review');
  expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
    { path: ['policy', 'losses', 'camera'] },
    { path: ['policy', 'losses', 'gateway'], value: '90s' },
    { path: ['policy', 'alerts'], value: { openPerDevice: 5 } },
  ]);
});

it('a mask and a line are drawn without a picture too; the line is one of the site', async () => {
  const api = fake();
  page = await open(api);
  await page.press('device-more');
  await page.press('mask-add');
  await page.press('mask-drawing-add');
  await page.press('line-add');
  await page.press('line-drawing-add');
  await page.press('line-drawing-add');
  await page.fill({ 'line-drawing-x-1': '0.9' });
  await page.press('line-inside-right');
  await page.press('site-review');
  expect(editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0])).toEqual([
    {
      path: ['lines', '-'],
      value: { id: 'line-1', zone: 'gate', name: name('Gate camera line', '大门摄像机警戒线') },
    },
    {
      path: ['devices', 0, 'masks'],
      value: [
        {
          name: 'Mask 1',
          outline: [
            [0.25, 0.25],
            [0.75, 0.25],
            [0.75, 0.75],
            [0.25, 0.75],
          ],
        },
      ],
    },
    {
      path: ['devices', 0, 'lines'],
      value: [{ line: 'line-1', from: [0.5, 0.5], to: [0.9, 0.5], inside: 'right' }],
    },
  ]);
});

it('a part of a picture is a zone of the site, or a new one that is like the camera’s', async () => {
  const api = fake();
  page = await open(api);
  await page.press('device-more');
  await page.press('area-add');
  await page.press('area-drawing-add');
  await page.press('site-review');
  const outline = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ];
  const [zone, areas, ...more] = editsOf(api.bodiesOf(`POST /site-file/plan${q}`)[0]);
  expect(more).toEqual([]);
  expect(zone).toMatchObject({
    path: ['zones', '-'],
    value: {
      id: 'zone-1',
      name: name('Gate camera area', '大门摄像机区域'),
      plan: 'ground',
      armed: ['always'],
    },
  });
  expect(areas).toEqual({ path: ['devices', 0, 'areas'], value: [{ zone: 'zone-1', outline }] });
  expect(page.all('drawn-remove')).toHaveLength(1);
});

it.each([
  ['en', 'passwords do not travel there'],
  ['zh-CN', '密码不会传过去'],
] as const)(
  'where a password is typed for a gateway elsewhere it says what to run there, in %s',
  async (language, words) => {
    page = await open(fake(), language);
    await page.press('device-open');
    expect(page.all('secret-elsewhere')).toEqual([]);
    await page.close();
    const gateways = [{ id: 'gw-1', name: name('Attic', '阁楼') }];
    page = await open(fake({ [`GET /site-file${q}`]: viewOf({ gateways }) }), language);
    await page.press('device-open');
    const said = (await page.find('secret-elsewhere')).textContent;
    expect(said).toContain(words);
    expect(said).toContain('install -D -m 600 /dev/stdin identity/secrets/yard.cam');
  },
);

it('who may only read sees everything and can change nothing', async () => {
  page = await open(fake(), 'en', ['site.read'] as never);
  await page.press('device-open');
  expect((await page.find('field-connect-url')).matches(':disabled')).toBe(true);
  for (const id of ['site-review', 'device-add', 'device-remove']) expect(page.all(id)).toEqual([]);
});
