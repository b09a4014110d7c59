import type { Site } from '@watchpost/contracts/site';
import { expect, it } from 'vitest';
import { zoneAt } from './zone-at.ts';

const site = {
  plan: { id: 'ground' },
  zones: [
    {
      id: 'l',
      outline: [
        [0, 0],
        [20, 0],
        [20, 10],
        [10, 10],
        [10, 20],
        [0, 20],
      ],
    },
    {
      id: 'roof',
      plan: 'roof',
      outline: [
        [0, 0],
        [20, 0],
        [20, 20],
        [0, 20],
      ],
    },
  ],
} as unknown as Site;

it.each([
  ['ground', [5, 15], 'l'],
  ['ground', [15, 15], undefined],
  ['roof', [15, 15], 'roof'],
  ['ground', [25, 5], undefined],
  ['cellar', [5, 5], undefined],
] as const)('on %s at %j: %s', (plan, at, expected) => {
  expect(zoneAt(site, { plan, at })?.id).toBe(expected);
});
