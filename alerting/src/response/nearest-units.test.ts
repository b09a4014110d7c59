import { expect, it } from 'vitest';
import { type Candidate, distanceM, rankUnits } from './nearest-units.ts';

const place = { latitude: 31.2304, longitude: 121.4737 };
const at = (eastM: number, atMs = 0, accuracyM = 5) => ({
  latitude: place.latitude,
  longitude: place.longitude + eastM / (111_195 * Math.cos((place.latitude * Math.PI) / 180)),
  ...{ atMs, accuracyM },
});

it('distances are those of the literature', () => {
  // Paris to London, Shanghai to Sydney (km), by the great circle.
  const far = (a: readonly [number, number], b: readonly [number, number]) =>
    distanceM({ latitude: a[0], longitude: a[1] }, { latitude: b[0], longitude: b[1] }) / 1000;
  expect(far([48.8566, 2.3522], [51.5074, -0.1278])).toBeCloseTo(343.6, 0);
  expect(far([0, 0], [0, 180])).toBeCloseTo(20_015.1, 0);
  expect(far([10, 179.999], [10, -179.999])).toBeLessThan(0.3);
  expect(distanceM(place, at(100))).toBeCloseTo(100, 0);
});

it('who is available comes first, then the nearer, then those whose position is old or unknown', () => {
  const unit = (id: string, state: Candidate['state'], ...positions: Candidate['positions']): Candidate => ({
    ...{ id, name: id, state, positions },
  });
  const nowMs = 20 * 60_000;
  const ranked = rankUnits(
    [
      unit('off', 'off_duty', at(1, nowMs)),
      unit('old', 'available', at(1, 0)),
      unit('busy', 'busy', at(2, nowMs)),
      unit('far', 'available', at(300, nowMs)),
      unit('near', 'available', at(900, nowMs), at(100, nowMs)),
      unit('unknown', 'available'),
    ],
    place,
    { nowMs, usedForMs: 15 * 60_000 },
  );
  expect(ranked.map(({ id, nearest }) => [id, nearest && Math.round(nearest.distanceM)])).toEqual([
    ['near', 100],
    ['far', 300],
    ['old', undefined],
    ['unknown', undefined],
    ['busy', 2],
    ['off', 1],
  ]);
});
