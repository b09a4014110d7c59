// @vitest-environment jsdom
import { type Alert, alertSchema } from '@watchpost/contracts/alert';
import {
  departmentListSchema,
  nearestUnitsSchema,
  type OwnPosition,
  offerPageSchema,
  ownPositionSchema,
  type Permission,
  responseOfferSchema,
  responseSubjectSchema,
  responseTaskSchema,
  subjectOffersSchema,
  taskPageSchema,
  timelineSchema,
  unitMapSchema,
} from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { testSession, testSites } from '../../testing/test-session.ts';
import { responseCard } from '../../ui/response/response-card-entry.ts';
import { departmentsPage, tasksPage } from './response-entry.ts';

const id = (n: number) => `0b6f1f5e-6f0d-4c39-9f8a-0d2a3c9b7e${10 + n}`;
const ana = { id: testSession([]).account, name: 'Ana' };
const time = '2026-11-27T13:00:00.000Z';
const subject = responseSubjectSchema.parse({
  ...{ site: 'yard', id: id(1), alert: id(1), state: 'open', concern: 'fire', severity: 'critical' },
  ...{
    eventType: 'watchpost.sensor.alarm.v1',
    kind: 'smoke',
    zone: 'hall',
    device: 'smoke1',
    openedAt: time,
  },
});
const task = responseTaskSchema.parse({
  ...{ site: 'yard', id: id(2), version: 1, offer: id(3), department: id(4), state: 'offered', since: time },
  ...{
    unit: { id: id(5), name: 'Engine 1' },
    offeredAt: time,
    offeredBy: 'Bo',
    note: 'bring hoses',
    subject,
  },
  steps: [
    { to: 'accepted', needsReason: false },
    { to: 'declined', needsReason: true },
  ],
});
const offer = responseOfferSchema.parse({
  ...{ site: 'yard', id: id(3), version: 1, subject: id(1), note: 'bring hoses', offeredAt: time },
  department: { id: id(4), name: 'Fire brigade', kind: 'fire' },
  ...{ part: 'dispatch', offeredBy: 'Bo', acknowledgedAt: null, acknowledgedBy: null, endedAt: null },
  ...{ tasks: [task], about: subject },
});
const department = {
  ...{ site: 'yard', id: id(4), version: 3, kind: 'fire', name: 'Fire brigade', zones: ['hall'] },
  ...{ concerns: ['fire'], part: 'dispatch', receiver: null, dispatchers: [ana] },
  units: [
    {
      ...{ id: id(5), version: 2, department: id(4), name: 'Engine 1', duty: 'always', members: [ana] },
      ...{ state: 'available', tasks: 1 },
    },
  ],
};
const departments = departmentListSchema.parse({
  departments: [
    department,
    { ...department, id: id(6), name: 'Police post', kind: 'police_post', part: null },
  ],
});
const own = (changed: object = {}): OwnPosition =>
  ownPositionSchema.parse({
    ...{ site: 'yard', consentedAt: null, onDuty: true, position: null, keptMinutes: 120, everySeconds: 5 },
    ...changed,
  });
const tasks = taskPageSchema.parse({ tasks: [task], next: null, time });
const offers = offerPageSchema.parse({ offers: [offer], next: null, time });

let page: DrawnPage | undefined;
let watching: ((position: object) => void) | undefined;
const geolocation = {
  watchPosition: (told: (position: object) => void) => {
    watching = told;
    return 7;
  },
  clearWatch: vi.fn(),
};
beforeEach(() => {
  watching = undefined;
  Object.defineProperty(navigator, 'geolocation', { value: geolocation, configurable: true });
  Object.defineProperty(window, 'isSecureContext', { value: true, configurable: true });
});
afterEach(() => page?.close());

const base = {
  'GET /response/tasks?of=mine&limit=200': tasks,
  'GET /response/offers?limit=200': offers,
  'GET /response/position?site=yard': own(),
};
const openTasks = async (answers: object = {}, language: 'en' | 'zh-CN' = 'en') => {
  const api = new FakeApi({ ...base, ...answers });
  const session = testSession(['response.read', 'response.take']);
  page = await openPage(tasksPage, { ask: api.ask, session, sites: testSites }, language);
  await page.find('task');
  return { api, page };
};

it.each([
  ['en', ['My tasks', 'Engine 1', 'offered', 'bring hoses', 'Hall', 'Nobody of the department has answered']],
  ['zh-CN', ['我的任务', 'Engine 1', '待接受', '备注：bring hoses', '大厅', '该部门尚无人回应']],
] as const)('in %s it says what is asked, where, and what follows', async (language, said) => {
  const { page: drawn } = await openTasks({}, language);
  await drawn.find('offer');
  for (const text of said) expect(drawn.text).toContain(text);
  expect(drawn.all('task-next')).toHaveLength(1);
});

it('one press is the next step, with the version that was seen; another one asks why', async () => {
  const steps = `POST /response/tasks/${task.id}/steps`;
  const { api, page: drawn } = await openTasks({ [steps]: task });
  await drawn.press('task-next');
  expect(api.bodiesOf(steps)).toMatchObject([{ version: 1, to: 'accepted' }]);
  await drawn.press('task-declined');
  await drawn.fill({ 'task-declined-reason': 'flat tyre' });
  await drawn.press('task-declined-confirm');
  expect(api.bodiesOf(steps)[1]).toMatchObject({ to: 'declined', reason: 'flat tyre' });
  const [first, second] = api.bodiesOf(steps) as { id: string }[];
  expect(first?.id).not.toBe(second?.id);
});

it('the position is sent while the switch is on, which is said, and erased when it goes off', async () => {
  const consent = 'POST /response/position/consent?site=yard';
  const put = 'PUT /response/position?site=yard';
  const on = own({ consentedAt: time });
  const { api, page: drawn } = await openTasks({
    ...{ [consent]: on, [put]: on, 'DELETE /response/position?site=yard': own() },
  });
  const knob = await drawn.find('position-switch');
  expect([knob.getAttribute('role'), knob.getAttribute('aria-checked')]).toEqual(['switch', 'false']);
  expect(watching).toBeUndefined();
  await drawn.press('position-switch');
  expect(api.bodiesOf(consent)).toEqual([{ consent: true }]);
  expect((await drawn.find('position-state')).textContent).toContain('shown to your dispatchers');
  watching?.({ coords: { latitude: 31, longitude: 121, accuracy: 9 } });
  // The second one follows too soon.
  watching?.({ coords: { latitude: 32, longitude: 121, accuracy: 9 } });
  await drawn.settle();
  expect(api.bodiesOf(put)).toEqual([{ latitude: 31, longitude: 121, accuracyM: 9 }]);
  await drawn.press('position-switch');
  expect(api.asked.at(-1)?.method).toBe('DELETE');
  expect(geolocation.clearWatch).toHaveBeenCalledWith(7);
  expect((await drawn.find('position-state')).textContent).toContain('not shown to anybody');
});

it.each([
  ['en', 'Ana: Hall, 40 s ago, to within 9 m', 'last seen 40 min ago, outside of the plan', '140 m away'],
  ['zh-CN', 'Ana：大厅，40 秒前，误差 9 米以内', '最后位置为 40 分钟前，平面图以外', '距离 140 米'],
] as const)(
  'in %s a dispatcher reads where the units are, and sees those that are not too old',
  async (language, ...said) => {
    Object.assign(globalThis, {
      ResizeObserver: class {
        observe = () => undefined;
        disconnect = () => undefined;
      },
    });
    const yard = {
      ...testSites.get('yard'),
      plan: { id: 'ground', widthM: 40, heightM: 30, walls: [] },
      zones: [
        {
          id: 'hall',
          name: { en: 'Hall', 'zh-CN': '大厅' },
          public: true,
          outline: [
            [0, 0],
            [9, 0],
            [9, 9],
            [0, 9],
          ],
        },
      ],
    } as unknown as Site;
    const map = unitMapSchema.parse({
      ...{ currentForSeconds: 900, time },
      units: [
        {
          ...{
            id: id(5),
            name: 'Engine 1',
            department: { id: id(4), name: 'Fire brigade' },
            state: 'available',
          },
          members: [
            ...[
              {
                person: ana,
                accuracyM: 9,
                ageSeconds: 40,
                current: true,
                place: { plan: 'ground', at: [5, 5] },
              },
            ],
            ...[
              {
                person: { id: id(9), name: 'Bo' },
                accuracyM: 9,
                ageSeconds: 2400,
                current: false,
                place: null,
              },
            ],
          ],
        },
      ],
    });
    const proposed = {
      unit: { id: id(5), name: 'Engine 1' },
      state: 'available',
      distanceM: 140,
      accuracyM: 9,
      ageSeconds: 40,
    };
    const api = new FakeApi({
      ...{ ...base, 'GET /response/map?site=yard': map },
      [`GET /response/nearest?subject=${id(1)}&department=${id(4)}`]: { units: [proposed] },
    });
    const session = testSession(['response.read', 'response.take', 'response.dispatch']);
    page = await openPage(tasksPage, { ask: api.ask, session, sites: new Map([['yard', yard]]) }, language);
    const list = await page.find('units-list');
    for (const text of said) expect(list.textContent).toContain(text);
    await page.find('unit-nearest');
    expect(
      [...document.querySelectorAll('.riskmap-unit title')].map(({ textContent }) => textContent),
    ).toHaveLength(1);
  },
);

it('it is not offered where the page is no secure one, nor off duty', async () => {
  Object.defineProperty(window, 'isSecureContext', { value: false, configurable: true });
  const { page: insecure } = await openTasks();
  expect((await insecure.find('position-hindrance')).textContent).toContain('https');
  expect(insecure.all('position-switch')).toEqual([]);
  await insecure.close();
  Object.defineProperty(window, 'isSecureContext', { value: true, configurable: true });
  const { page: off } = await openTasks({ 'GET /response/position?site=yard': own({ onDuty: false }) });
  await off.find('position-off-duty');
  expect(off.all('position-switch')).toEqual([]);
});

const alert: Alert = alertSchema.parse({
  ...{
    id: id(1),
    site: 'yard',
    zone: 'hall',
    gateway: 'edge1',
    device: 'smoke1',
    details: { kind: 'smoke' },
  },
  ...{ eventType: 'watchpost.sensor.alarm.v1', severity: 'critical', state: 'open', condition: 'active' },
  risk: { score: 90, ruleSet: 'x', factors: [{ name: 'recency', points: 90, because: {} }] },
  ...{ eventCount: 1, openedAt: time, lastEventAt: time, updatedAt: time, version: 1 },
  ...{ acknowledgedBy: null, resolvedBy: null, disposition: null },
});
const openCard = async (answers: object = {}) => {
  const api = new FakeApi({
    'GET /response/departments?site=yard': departments,
    [`GET /response/subjects/${id(1)}`]: subjectOffersSchema.parse({ subject, offers: [offer] }),
    ...answers,
  });
  page = await openPage(responseCard, { ask: api.ask, alert, site: testSites.get('yard') ?? null });
  return { api, page };
};

it('at the alert another department is offered it, and a unit is chosen by the proposal', async () => {
  const nearest = `GET /response/nearest?subject=${id(1)}&department=${id(4)}`;
  const give = `POST /response/offers/${id(3)}/tasks`;
  const { api, page: drawn } = await openCard({
    [nearest]: nearestUnitsSchema.parse({
      units: [
        {
          ...{ unit: { id: id(5), name: 'Engine 1' }, state: 'available' },
          ...{ distanceM: 140, accuracyM: 9, ageSeconds: 40 },
        },
        {
          ...{ unit: { id: id(7), name: 'Ladder' }, state: 'busy' },
          ...{ distanceM: null, accuracyM: null, ageSeconds: null },
        },
      ],
    }),
    [give]: offer,
    'POST /response/offers': offer,
  });
  await drawn.find('offer');
  await drawn.press('offer-open');
  await drawn.fill({ 'offer-note': 'keep the road free' });
  await drawn.press('offer-now');
  // Whom it was offered already is not offered it again.
  expect(api.bodiesOf('POST /response/offers')).toMatchObject([
    { subject: id(1), department: id(6), note: 'keep the road free' },
  ]);
  await drawn.press('give-open');
  await drawn.find('proposal');
  expect(drawn.all('proposal').map(({ textContent }) => textContent)).toEqual([
    'Engine 1 · available · 140 m away, 40 s ago',
    'Ladder · busy · position not known',
  ]);
  await drawn.press('give-now');
  expect(api.bodiesOf(give)).toMatchObject([{ unit: id(5) }]);
});

it('who knew what when is read and taken along by who may', async () => {
  const timeline = timelineSchema.parse({
    ...{ site: 'yard', subject: id(1), cut: false, complete: true },
    entries: [
      {
        ...{
          at: time,
          kind: 'task',
          what: 'accepted',
          by: 'Ana',
          department: 'Fire brigade',
          whom: 'Engine 1',
        },
        ...{ severity: null, text: null },
      },
    ],
  });
  const { page: drawn } = await openCard({ [`GET /response/subjects/${id(1)}/timeline`]: timeline });
  await drawn.press('timeline-open');
  expect((await drawn.find('timeline-line')).textContent).toContain(
    'Task: accepted · Fire brigade · Engine 1 · Ana',
  );
  expect((await drawn.find('timeline-csv')).getAttribute('href')).toBe(
    `/api/v1/response/subjects/${id(1)}/timeline/export?format=csv`,
  );
});

it('where there are no departments nothing stands at the alert', async () => {
  const { api, page: drawn } = await openCard({ 'GET /response/departments?site=yard': { departments: [] } });
  await drawn.settle();
  expect([drawn.all('response-card'), api.asked.length]).toEqual([[], 1]);
});

it('departments and units are made and changed with what was seen of them', async () => {
  const manager: readonly Permission[] = ['response.manage', 'receivers.manage'];
  const api = new FakeApi({
    'GET /response/departments?site=yard': { departments: departments.departments.slice(0, 1) },
    'GET /response/people?site=yard': { people: [ana] },
    'GET /receivers?site=yard': { receivers: [{ id: id(8), name: 'Fire desk' }] },
    'POST /response/departments?site=yard': department,
    [`POST /response/units/${id(5)}`]: department,
  });
  page = await openPage(departmentsPage, { ask: api.ask, session: testSession(manager), sites: testSites });
  await page.find('department');
  await page.press('department-new');
  await page.fill({ 'department-name': 'School', 'department-kind': 'school', 'department-receiver': id(8) });
  await page.press('department-save');
  expect(api.bodiesOf('POST /response/departments?site=yard')).toMatchObject([
    { name: 'School', kind: 'school', receiver: id(8), zones: null, concerns: null, dispatchers: [] },
  ]);
  await page.press('unit-change');
  await page.fill({ 'unit-name': 'Engine 2' });
  await page.press('unit-save');
  expect(api.bodiesOf(`POST /response/units/${id(5)}`)).toEqual([
    { version: 2, name: 'Engine 2', duty: 'always', members: [ana.id] },
  ]);
});
