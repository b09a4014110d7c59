import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanPoint } from '../places/plan-projection.ts';
import { Corroboration, type DevicePlace, type Observation } from './corroboration.ts';
import { defaultRiskPolicy } from './policy.ts';

const { corroboration: corroborationPolicy } = defaultRiskPolicy;

const on = (plan: string, ...at: PlanPoint): DevicePlace => ({ plan, at });
const places: Record<string, DevicePlace> = {
  a: on('ground', 0, 0),
  near: on('ground', 20, 20),
  far: on('ground', 100, 0),
  beside: on('ground', -1, -1),
  above: on('first', 0, 0),
};
const placeOf = (device: string) => places[device];
const observation = (device: string, rest: Partial<Observation> = {}): Observation => ({
  device,
  zone: device,
  concern: 'fire',
  timeMs: 1_000_000,
  ...rest,
});
const count = (others: Observation[]) =>
  new Corroboration(others, placeOf, corroborationPolicy).devicesFor(observation('a'));

test('other devices nearby or in the same zone corroborate, each once', () => {
  expect(count([observation('near'), observation('near'), observation('far', { zone: 'a' })])).toBe(2);
  expect(count([observation('beside')])).toBe(1);
});

test.each([
  ['the device itself', observation('a')],
  ['a device far away', observation('far')],
  ['another concern', observation('near', { concern: 'intrusion' })],
  ['long before', observation('near', { timeMs: 1_000_000 - 120_001 })],
  ['a device on the floor above', observation('above')],
  ['a device without a place', observation('gone')],
])('%s does not', (_name, other) => {
  expect(count([other])).toBe(0);
});

const anyStatement = fc.record({
  device: fc.constantFrom('a', 'near', 'far', 'beside', 'gone', 'e', 'f'),
  zone: fc.constantFrom('z1', 'z2', 'z3'),
  concern: fc.constantFrom('fire', 'intrusion', 'none'),
  timeMs: fc.integer({ min: 0, max: 4 * corroborationPolicy.windowMs }),
});

/** The rule itself, over all pairs. */
function byAllPairs(one: Observation, others: readonly Observation[], place: typeof placeOf): number {
  const here = place(one.device);
  const devices = others.filter((other) => {
    if (one.concern === 'none' || other.device === one.device || other.concern !== one.concern) return false;
    if (Math.abs(other.timeMs - one.timeMs) > corroborationPolicy.windowMs) return false;
    const there = place(other.device);
    if (other.zone === one.zone) return true;
    if (!here || !there || here.plan !== there.plan) return false;
    return Math.hypot(here.at[0] - there.at[0], here.at[1] - there.at[1]) <= 30;
  });
  return new Set(devices.map(({ device }) => device)).size;
}

test('finds exactly whom a comparison of all pairs finds', () => {
  const point = fc.record({
    plan: fc.constantFrom('ground', 'first'),
    at: fc.tuple(fc.integer({ min: -70, max: 70 }), fc.integer({ min: -70, max: 70 })),
  });
  const someplace = fc.dictionary(fc.constantFrom('a', 'near', 'far', 'beside', 'e', 'f'), point);
  fc.assert(
    fc.property(fc.array(anyStatement, { maxLength: 40 }), someplace, (observations, map) => {
      const place = (device: string) => map[device];
      const index = new Corroboration(observations, place, corroborationPolicy);
      for (const one of observations)
        expect(index.devicesFor(one)).toBe(byAllPairs(one, observations, place));
    }),
  );
});

test('asks the places of devices around it only, not of every statement', () => {
  let asked = 0;
  const place = (device: string): DevicePlace => {
    asked++;
    return on('ground', Number(device) * 100, 0);
  };
  const devices = Array.from({ length: 1_000 }, (_, index) => observation(String(index)));
  const index = new Corroboration(devices, place, corroborationPolicy);
  asked = 0;
  for (const one of devices) index.devicesFor(one);
  expect(asked).toBeLessThan(10 * devices.length);
});
