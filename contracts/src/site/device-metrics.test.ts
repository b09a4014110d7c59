import { expect, it } from 'vitest';
import { measures } from '../site/index.ts';

it('a device measures what its kind measures, in its unit, and nothing else', () => {
  expect(measures('temperature', 'temperature', 'Cel')).toBe(true);
  expect(measures('temperature', 'temperature', null)).toBe(false);
  expect(measures('temperature', 'smoke', null)).toBe(false);
  expect(measures('camera', 'person/7/risk', null)).toBe(false);
  expect(measures('smoke', 'constructor', null)).toBe(false);
});
