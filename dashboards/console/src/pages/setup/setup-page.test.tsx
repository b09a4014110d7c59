// @vitest-environment jsdom
import { setupRequestSchema, siteEditsRequestSchema, siteFileViewSchema } from '@watchpost/contracts/api';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { testSession, testSites } from '../../testing/test-session.ts';
import { loadPageTexts } from '../../texts/i18n.ts';
import { drawingEn } from '../../ui/site-file/drawing-texts-en.ts';
import { drawingZhCn } from '../../ui/site-file/drawing-texts-zh-cn.ts';
import { siteFileEn } from '../../ui/site-file/file-texts-en.ts';
import { siteFileZhCn } from '../../ui/site-file/file-texts-zh-cn.ts';
import { SetupPage } from './setup-page.tsx';
import { startsSetup } from './starts-setup.ts';
import { setupEn } from './texts-en.ts';
import { setupZhCn } from './texts-zh-cn.ts';

const name = (english: string, chinese: string) => ({ en: english, 'zh-CN': chinese });
const outline = [
  [1, 1],
  [39, 1],
  [39, 29],
  [1, 29],
];
const empty = {
  ...{ version: 1, id: 'yard', name: name('Yard', '堆场'), timeZone: 'Asia/Shanghai' },
  plans: [
    {
      ...{ id: 'ground', name: name('Ground', '一层'), widthM: 40, heightM: 30 },
      ...{ northWest: { latitude: 30, longitude: 120 }, walls: [[...outline, [1, 1]]] },
    },
  ],
  zones: [
    {
      ...{ id: 'inside', name: name('Inside', '室内'), plan: 'ground', criticality: 0.5, public: false },
      ...{ outline, armed: [] },
    },
  ],
  ...{ gateways: [{ id: 'gw-1', local: true }], devices: [] },
};
const camera = {
  ...{ id: 'camera-1', kind: 'camera', profile: 'generic-camera', gateway: 'gw-1', zone: 'inside' },
  ...{ name: name('Door', 'Door'), mount: { at: [20, 15] }, connect: { driver: 'rtsp', url: 'rtsp://c/1' } },
};
const digest = 'a'.repeat(64);
const viewOf = (value: object) =>
  siteFileViewSchema.parse({
    ...{ site: 'yard', digest, writtenAt: '2026-11-27T08:00:00.000Z', inForce: true },
    ...{ value, mistakes: [], unshown: 0, secrets: [] },
  });
const good = {
  ...{ mistakes: [], unshown: 0, outcome: 'applies' },
  changes: { alerting: true, permits: false, gateways: [], untouched: [] },
};
const q = '?site=yard';
const kept = (step: string, choices: object = {}) => ({
  setup: { ...setupRequestSchema.parse({ step, choices }), savedAt: '2026-11-27T08:00:00.000Z' },
});
const health = (device: object) => ({
  gateways: [
    { site: 'yard', gateway: 'gw-1', status: 'online', devices: [{ device: 'camera-1', ...device }] },
  ],
});

let page: DrawnPage | undefined;
beforeEach(() => {
  vi.stubGlobal(
    'URL',
    Object.assign(URL, { createObjectURL: () => 'blob:still', revokeObjectURL: () => undefined }),
  );
});
afterEach(() => page?.close());

const fake = (answers: Record<string, unknown> = {}) =>
  new FakeApi({
    [`GET /site-file${q}`]: viewOf(empty),
    [`GET /setup${q}`]: { setup: null },
    [`PUT /setup${q}`]: {},
    [`POST /site-file/plan${q}`]: good,
    [`POST /site-file/apply${q}`]: { ...good, digest },
    'GET /account': { name: 'ana', factors: [], byProvider: false },
    ...answers,
  });
async function open(
  api: FakeApi,
  language: 'en' | 'zh-CN' = 'en',
  permissions = ['site.read', 'site.edit', 'privacy.edit'] as const,
) {
  const texts = await DrawnPage.open(<p />, { language });
  await loadPageTexts({
    en: async () => ({ ...drawingEn, ...siteFileEn, ...setupEn }),
    'zh-CN': async () => ({ ...drawingZhCn, ...siteFileZhCn, ...setupZhCn }),
  });
  await texts.close();
  return DrawnPage.open(<SetupPage ask={api.ask} session={testSession(permissions)} sites={testSites} />, {
    language,
  });
}
const step = async () => (await page?.find('setup-step'))?.dataset.step;
const edits = (api: FakeApi, what: 'plan' | 'apply', at = 0) =>
  siteEditsRequestSchema.parse(api.bodiesOf(`POST /site-file/${what}${q}`)[at]).edits;

it.each([
  ['en', 'Step 1 of 9', 'It can wait.'],
  ['zh-CN', '第 1 步，共 9 步', '也可以以后再设'],
] as const)('begins with the account and says why it asks, in %s', async (language, ...said) => {
  page = await open(fake(), language);
  expect(await step()).toBe('account');
  for (const text of said) expect(page.text).toContain(text);
});

it('sets a second factor up within the step, shows the recovery codes once, and stays where it is', async () => {
  const factor = { id: 'f1', kind: 'totp', label: '', createdAt: '2026-11-27T08:00:00.000Z' };
  const account = { name: 'ana', byProvider: false, factorRequired: false, recoveryCodes: 0 };
  const api = fake({
    'GET /account': { ...account, factors: [] },
    'GET /session/methods': { password: true, oidc: null, passkey: null },
    'POST /account/totp': { uri: 'otpauth://totp/x?secret=ABCDEFGH', secret: 'ABCDEFGH' },
    'POST /account/totp/confirm': { recoveryCodes: ['one-two', 'three-four'] },
  });
  page = await open(api);
  expect(await step()).toBe('account');
  await page.press('totp-begin');
  await page.fill({ proof: 'four words are enough' });
  await page.press('totp-begin-confirm');
  await page.fill({ 'totp-code': '123456' });
  api.answers['GET /account'] = { ...account, factors: [factor], recoveryCodes: 2 };
  await page.press('totp-confirm');
  expect((await page.find('recovery-codes')).textContent).toContain('three-four');
  expect((await page.find('setup-factor')).textContent).toContain('second factor');
  expect(await step()).toBe('account');
  // Whoever goes on has not left the wizard.
  await page.press('setup-next');
  expect(await step()).toBe('address');
});

it('goes on where it was left, and keeps each step', async () => {
  const api = fake({ [`GET /setup${q}`]: kept('address') });
  page = await open(api);
  expect(await step()).toBe('address');
  await page.press('setup-next');
  expect(await step()).toBe('site');
  expect(api.bodiesOf(`PUT /setup${q}`)).toEqual([{ step: 'site', choices: {} }]);
  await page.press('setup-back');
  expect(await step()).toBe('address');
});

it('one press changes the site, and a plan of another size takes walls and zone along', async () => {
  const api = fake({ [`GET /setup${q}`]: kept('site') });
  page = await open(api);
  await page.fill({ 'field-name-en': 'Mill', 'field-widthM': '20' });
  await page.press('setup-next');
  const wall = [
    [1, 1],
    [19, 1],
    [19, 29],
    [1, 29],
  ];
  expect(edits(api, 'apply')).toEqual([
    { path: ['name', 'en'], value: 'Mill' },
    { path: ['name', 'zh-CN'], value: 'Mill' },
    { path: ['plans', 0, 'widthM'], value: 20 },
    { path: ['plans', 0, 'walls'], value: [[...wall, [1, 1]]] },
    { path: ['zones', 0, 'outline'], value: wall },
  ]);
  expect(await step()).toBe('camera');
});

it('a camera is looked at before its password is asked, and comes into the file with the name of it', async () => {
  const secret = 'yard.camera-1-password';
  const api = fake({
    [`GET /setup${q}`]: kept('camera'),
    [`PUT /secrets/camera-1-password${q}`]: { secret },
  });
  page = await open(api);
  await page.fill({ 'field-connect-url': 'rtsp://192.168.1.20/s', 'field-name-en': 'Door' });
  await page.press('setup-next');
  expect(await step()).toBe('log_in');
  expect(api.bodiesOf(`POST /site-file/apply${q}`)).toEqual([]);
  await page.fill({ 'field-connect-user': 'view', 'secret-connect-password': 'one two' });
  await page.press('setup-next');
  expect(await step()).toBe('picture');
  expect(edits(api, 'apply')).toEqual([
    {
      path: ['devices', '-'],
      value: {
        ...{ id: 'camera-1', kind: 'camera', profile: 'generic-camera', gateway: 'gw-1', zone: 'inside' },
        ...{ name: name('Door', 'Door'), mount: { at: [20, 15] } },
        connect: { driver: 'rtsp', url: 'rtsp://192.168.1.20/s', user: 'view', password: { secret } },
      },
    },
  ]);
  // It goes to where it is kept and to where it is tried, and nowhere else.
  const elsewhere = api.asked.filter(({ path }) => !/^\/(secrets|cameras\/try)/.test(path));
  expect(JSON.stringify(elsewhere)).not.toContain('one two');
});

it.each([
  ['en', 'Its gateway tried the camera'],
  ['zh-CN', '尚未写入任何内容'],
] as const)(
  'a camera that refuses is not written, unless somebody says so, in %s',
  async (language, words) => {
    const api = fake({
      [`GET /setup${q}`]: kept('log_in', { cameraUrl: 'rtsp://192.168.1.20/s', cameraName: 'Door' }),
      [`PUT /secrets/camera-1-password${q}`]: { secret: 'yard.camera-1-password' },
      [`POST /cameras/try${q}`]: { error: 'edge.camera_password' },
    });
    page = await open(api, language);
    await page.fill({ 'field-connect-user': 'view', 'secret-connect-password': 'wrong' });
    await page.press('setup-next');
    expect(await step()).toBe('log_in');
    expect((await page.find('camera-tried')).dataset.error).toBe('edge.camera_password');
    expect(page.text).toContain(words);
    const connect = { driver: 'rtsp', url: 'rtsp://192.168.1.20/s', user: 'view' };
    expect(api.bodiesOf(`POST /cameras/try${q}`)).toEqual([{ gateway: 'gw-1', connect, password: 'wrong' }]);
    // Neither file nor secret.
    expect(api.asked.filter(({ path }) => /apply|secrets/.test(path))).toEqual([]);
    await page.press('camera-anyway');
    expect(await step()).toBe('picture');
    expect(api.bodiesOf(`POST /cameras/try${q}`)).toHaveLength(1);
    expect(api.bodiesOf(`POST /site-file/apply${q}`)).toHaveLength(1);
  },
);

it('a camera whose password is mended is tried again, and written once it shows a picture', async () => {
  const tried: unknown[] = [];
  const api = fake({
    [`GET /setup${q}`]: kept('log_in', { cameraUrl: 'rtsp://192.168.1.20/s', cameraName: 'Door' }),
    [`PUT /secrets/camera-1-password${q}`]: { secret: 'yard.camera-1-password' },
    [`POST /cameras/try${q}`]: (body: { password: string }) => {
      tried.push(body.password);
      return { error: body.password === 'right' ? null : 'edge.camera_password' };
    },
  });
  page = await open(api);
  await page.fill({ 'field-connect-user': 'view', 'secret-connect-password': 'wrong' });
  await page.press('setup-next');
  await page.fill({ 'secret-connect-password': 'right' });
  await page.press('setup-next');
  expect(await step()).toBe('picture');
  expect(tried).toEqual(['wrong', 'right']);
});

it('a mistake stands beside its field, and the step stays', async () => {
  const api = fake({ [`GET /setup${q}`]: kept('camera') });
  api.answers[`POST /site-file/plan${q}`] = {
    ...good,
    mistakes: [
      {
        ...{ code: 'config.camera_address', line: 9, column: 1, section: 'devices' },
        ...{ path: '/devices/0/connect/url', details: { reason: 'host' } },
      },
    ],
  };
  page = await open(api);
  await page.fill({ 'field-connect-url': 'rtsp://', 'field-name-en': 'Door' });
  await page.press('setup-next');
  expect((await page.find('mistake-connect-url')).textContent).not.toBe('');
  expect(await step()).toBe('camera');
});

it('a wrong password is said, and leads back to where it is corrected', async () => {
  const lost = health({ status: 'lost', error: 'edge.camera_password', readings: 0, unreadable: 0 });
  const api = fake({
    [`GET /setup${q}`]: kept('picture', { camera: 'camera-1' }),
    [`GET /site-file${q}`]: viewOf({ ...empty, devices: [camera] }),
    'GET /gateways': lost,
  });
  page = await open(api);
  await page.press('setup-mend');
  expect(await step()).toBe('log_in');
});

it('the first event of the camera appears by itself', async () => {
  const alert = {
    ...{ id: '0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e11', eventType: 'watchpost.tamper.cover.v1', details: {} },
    lastEventAt: '2026-11-27T08:00:00.000Z',
  };
  const api = fake({
    [`GET /setup${q}`]: kept('walk', { camera: 'camera-1' }),
    [`GET /site-file${q}`]: viewOf({ ...empty, devices: [camera] }),
    'GET /gateways': health({ status: 'ok', readings: 1, unreadable: 0 }),
    'GET /alerts?site=yard&device=camera-1&limit=100': { alerts: [alert] },
  });
  page = await open(api);
  await page.settle();
  expect((await page.find('setup-first-event')).dataset.alert).toBe(alert.id);
});

it('“no faces here” changes nothing and ends the wizard', async () => {
  const api = fake({
    [`GET /setup${q}`]: kept('faces', { camera: 'camera-1' }),
    [`GET /site-file${q}`]: viewOf({ ...empty, devices: [camera] }),
  });
  page = await open(api);
  await page.press('setup-next');
  expect(api.bodiesOf(`POST /site-file/apply${q}`)).toEqual([]);
  expect(api.bodiesOf(`PUT /setup${q}`)).toEqual([{ step: 'done', choices: { camera: 'camera-1' } }]);
  expect(page.address).toBe('/');
});

it('a camera looks for faces with a record, in a zone that is declared', async () => {
  const api = fake({
    [`GET /setup${q}`]: kept('faces', { camera: 'camera-1' }),
    [`GET /site-file${q}`]: viewOf({ ...empty, devices: [camera] }),
  });
  page = await open(api);
  await page.press('faces-yes');
  await page.fill({
    ...{ 'record-purpose': 'People who were told to stay away', 'record-reference': 'DPIA-7' },
    ...{ 'record-approvedBy': 'R. Ito', 'record-approvedAt': '2026-01-10' },
    ...{ 'record-place': 'left of the door', 'record-checkedAt': '2026-01-12' },
  });
  await page.press('record-notPrivate');
  await page.press('setup-next');
  const [record, zone] = edits(api, 'apply');
  expect(record?.path).toEqual(['privacy', '-']);
  expect(record?.value).toMatchObject({ cameras: ['camera-1'], notPrivate: true });
  expect(zone).toEqual({ path: ['zones', 0, 'public'], value: true });
});

it('who keeps no privacy records is not asked for one', async () => {
  const api = fake({
    [`GET /setup${q}`]: kept('faces', { camera: 'camera-1' }),
    [`GET /site-file${q}`]: viewOf({ ...empty, devices: [camera] }),
  });
  page = await open(api, 'en', ['site.read', 'site.edit'] as never);
  expect((await page.find('faces-yes')).matches(':disabled')).toBe(true);
});

it('a new account goes on into it where an own site has no device, and nowhere else', async () => {
  const site = (devices: readonly unknown[]) => new FakeApi({ 'GET /site?site=yard': { devices } }).ask;
  const editor = testSession(['site.edit']);
  expect(await startsSetup(site([]), editor)).toBe(true);
  expect(await startsSetup(site([camera]), editor)).toBe(false);
  expect(await startsSetup(site([]), testSession(['site.read']))).toBe(false);
  expect(await startsSetup(new FakeApi({}).ask, editor)).toBe(false);
});
