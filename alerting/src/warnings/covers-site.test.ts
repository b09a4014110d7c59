import { expect, it } from 'vitest';
import { testSite } from '../testing/test-site.ts';
import { coversSite, placesOf } from './covers-site.ts';

const places = placesOf(testSite);
const [latitudes, longitudes] = [places.map(([one]) => one), places.map(([, one]) => one)];
const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
const [middle, centre] = [(south + north) / 2, (west + east) / 2];
const high = north - south;
const wide = east - west;
const ring = (...corners: readonly (readonly [number, number])[]) => ({
  polygon: [[...corners, corners[0] ?? [0, 0]].map((pair) => pair.join(',')).join(' ')],
  circle: [],
});
const box = (fromLat: number, toLat: number, fromLon: number, toLon: number) =>
  ring([fromLat, fromLon], [fromLat, toLon], [toLat, toLon], [toLat, fromLon]);

it.each([
  ['all of it', box(south - 1, north + 1, west - 1, east + 1)],
  ['a part', box(south - 1, middle, west - 1, centre)],
  ['something within it', box(middle, middle + high / 10, centre, centre + wide / 10)],
  [
    'a strip across it that has no corner in it and holds none',
    box(middle + high / 8, middle + high / 7, west - 1, east + 1),
  ],
  [
    'a strip aslant',
    ring(
      ...([
        [south - 1, west - 1],
        [north + 1, east + 1],
        [north + 1.001, east + 1],
      ] as const),
    ),
  ],
  ['a circle around it', { polygon: [], circle: [`${middle},${centre} 50`] }],
  ['a circle that touches it', { polygon: [], circle: [`${north + 0.01},${centre} 1.2`] }],
  ['a circle within it', { polygon: [], circle: [`${middle},${centre} 0`] }],
])('an area reaches the site that covers %s', (_what, area) => {
  expect(coversSite(area, places)).toBe(true);
});

it.each([
  ['beside it', box(south, north, east + wide, east + 1)],
  ['north of it', box(north + high, north + 1, west - 1, east + 1)],
  ['near it aslant', ring([north + high, west], [north + high, east + wide], [south, east + wide * 3])],
  ['in a circle that ends before it', { polygon: [], circle: [`${north + 0.01},${centre} 1`] }],
  ['known by a code alone', { polygon: [], circle: [] }],
])('an area does not reach the site that is %s', (_what, area) => {
  expect(coversSite(area, places)).toBe(false);
});
