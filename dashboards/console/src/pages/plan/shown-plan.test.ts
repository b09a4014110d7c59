import type { AlertCounts } from '@watchpost/contracts/api';
import { siteSchema } from '@watchpost/contracts/site';
import { expect, it } from 'vitest';
import { openByPlan, planOfDevices, shownPlan } from './shown-plan.ts';

const text = { en: 'A', 'zh-CN': '甲' };
const size = { widthM: 9, heightM: 9, northWest: { latitude: 1, longitude: 1 }, walls: [] };
const outline = [
  [0, 0],
  [9, 0],
  [9, 9],
];
const zone = { name: text, criticality: 0.5, public: true, outline, armed: [] };
const device = { gateway: 'g', kind: 'smoke', profile: 'p', name: text, at: [1, 1] };
const site = siteSchema.parse({
  id: 's',
  name: text,
  timeZone: 'UTC',
  plan: { id: 'ground', ...size },
  otherPlans: [{ id: 'first', ...size }],
  gateways: ['g'],
  zones: [
    { id: 'lobby', ...zone },
    { id: 'attic', plan: 'first', ...zone },
  ],
  devices: [
    { id: 'below', zone: 'lobby', ...device },
    { id: 'above', zone: 'attic', ...device },
    { id: 'beside', zone: 'attic', ...device },
  ],
});

it('the plan that was asked for is shown, else that of the alert, else the first', () => {
  expect(shownPlan(site, 'first', 'lobby').id).toBe('first');
  expect(shownPlan(site, null, 'attic').id).toBe('first');
  expect(shownPlan(site, 'gone', 'lobby').id).toBe('ground');
  expect(shownPlan(site, null, undefined).id).toBe('ground');
});

it('what is open is counted on the plan of its device; what was taken is not', () => {
  const places = [
    ['below', 0],
    ['above', 2],
    ['beside', 1],
    ['g', 4],
  ].map(([name, open]) => ({ device: name, open })) as unknown as AlertCounts['devices'];
  expect(openByPlan(planOfDevices(site), places)).toEqual(new Map([['first', 3]]));
});
