import type { AlertCounts } from '@watchpost/contracts/api';
import { expect, it } from 'vitest';
import { countsOf } from './site-counts.ts';

const of = (open: number): Omit<AlertCounts, 'devices'> => ({
  bySeverity: { low: 0, medium: 0, high: open, critical: 0 },
  byState: { open, acknowledged: 0, in_progress: 0, resolved: 0 },
  waiting: { low: 0, medium: 0, high: open, critical: 0 },
});
const devices = ['north', 'south'].map((site) => ({ site, device: 'smoke', alert: site, waiting: 'high' }));
const both = { ...of(5), sites: { north: of(2), south: of(3) }, devices } as unknown as AlertCounts;

it('counts of one site are its own, its devices too, although the other has devices of the same ids', () => {
  expect(countsOf(both, 'south')).toMatchObject({ ...of(3), devices: [{ site: 'south' }] });
  expect(countsOf(both, 'south').devices).toHaveLength(1);
  expect(countsOf(both, null)).toBe(both);
});

it('with one site there is nothing to choose', () => {
  const one = { ...of(2), devices: [] };
  expect(countsOf(one, 'north')).toBe(one);
});
