import { expect, test } from 'vitest';
import { corroboratingDevices, type Statement } from './corroboration.ts';
import type { PlanPoint } from './plan-projection.ts';

const places: Record<string, PlanPoint> = { a: [0, 0], near: [20, 20], far: [100, 0] };
const statement = (device: string, rest: Partial<Statement> = {}): Statement => ({
  device,
  zone: device,
  concern: 'fire',
  timeMs: 1_000_000,
  ...rest,
});
const count = (others: Statement[]) =>
  corroboratingDevices(statement('a'), others, (device) => places[device]);

test('other devices nearby or in the same zone corroborate, each once', () => {
  expect(count([statement('near'), statement('near'), statement('far', { zone: 'a' })])).toBe(2);
});

test.each([
  ['the device itself', statement('a')],
  ['a device far away', statement('far')],
  ['another concern', statement('near', { concern: 'intrusion' })],
  ['long before', statement('near', { timeMs: 1_000_000 - 120_001 })],
  ['a device without a place', statement('gone')],
])('%s does not', (_name, other) => {
  expect(count([other])).toBe(0);
});
