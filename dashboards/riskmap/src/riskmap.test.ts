import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatClass, heatClassCount, heatLegend, heatScale } from './heat-classes.ts';
import { boundingBox, longestSide, planViewBox, scaleBarM, svgPoints } from './plan-geometry.ts';
import { nameWidthPx, zoneNamePlace } from './zone-name-place.ts';

describe('heat classes', () => {
  it('lie between 1 and 5 for whatever is expected, and grow with it', () => {
    const expected = fc.double({ min: 1e-9, max: 50, noNaN: true });
    fc.assert(
      fc.property(expected, expected, (left, right) => {
        const [low, high] = [Math.min(left, right), Math.max(left, right)];
        expect(heatClass(low, 50)).toBeGreaterThanOrEqual(1);
        expect(heatClass(high, 50)).toBeLessThanOrEqual(heatClassCount);
        expect(heatClass(low, 50)).toBeLessThanOrEqual(heatClass(high, 50));
      }),
    );
    expect([heatClass(0, 50), heatClass(1, 0)]).toEqual([0, 0]);
  });

  it('mean in the legend what they mean on the map', () => {
    for (const { heatClass: named, upToPerDay } of heatLegend(5)) {
      expect(heatClass(upToPerDay * 0.999, 5)).toBe(named);
    }
    expect(heatLegend(0)).toEqual([]);
  });

  it('keep their scale while the map changes a little, and never exceed it', () => {
    const scale = (largest: number, before = 0) => heatScale([{ expectedPerDay: largest }], before);
    expect([0.13, 1, 1.01, 3, 7, 4200].map((largest) => scale(largest))).toEqual([0.2, 1, 2, 5, 10, 5000]);
    expect([4.9, 2, 1.6, 1.5, 5.1].map((largest) => scale(largest, 5))).toEqual([5, 5, 5, 2, 10]);
    expect(heatScale([], 5)).toBe(0);
    const largest = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(fc.property(largest, largest, (value, before) => scale(value, before) >= value * (1 - 1e-9)));
  });
});

describe('zone names', () => {
  const zone = {
    name: 'Gate',
    outline: [
      [0, 0],
      [20, 0],
      [20, 20],
      [0, 20],
    ] as const,
  };

  it('stand at the upper left, and elsewhere when a device is there', () => {
    const [x, y] = zoneNamePlace(zone, [], 0.1);
    expect([x, y].map((metres) => metres < 3)).toEqual([true, true]);
    const [, belowY] = zoneNamePlace(zone, [{ at: [2, 2] }], 0.1);
    expect(belowY).toBeGreaterThan(15);
    const [rightX] = zoneNamePlace(zone, [{ at: [2, 2] }, { at: [2, 19] }], 0.1);
    expect(rightX).toBeGreaterThan(10);
  });

  it('stay where one looks first when every corner is taken', () => {
    const everywhere = zone.outline.map((at) => ({ at }));
    expect(zoneNamePlace(zone, everywhere, 0.1)).toEqual(zoneNamePlace(zone, [], 0.1));
  });

  it('count Chinese characters as wider', () => {
    expect(nameWidthPx('大门')).toBeGreaterThan(nameWidthPx('ab'));
  });
});

describe('plan geometry', () => {
  it('writes metres as SVG units from the north-west corner', () => {
    expect(
      svgPoints([
        [0, 0],
        [12.345, 3],
        [7, 8.1],
      ]),
    ).toBe('0,0 12.35,3 7,8.1');
    expect(planViewBox({ widthM: 60, heightM: 40 }, 2)).toBe('-2 -2 64 44');
  });

  it('finds box and longest side', () => {
    expect(
      boundingBox([
        [3, 4],
        [9, 2],
      ]),
    ).toEqual({ x: 3, y: 2, width: 6, height: 2 });
    expect(boundingBox([])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
    expect(
      longestSide([
        [0, 0],
        [3, 0],
        [3, 4],
      ]),
    ).toBe(5);
  });

  it('takes a round length for the scale bar', () => {
    expect([0.7, 3, 19, 20, 60].map(scaleBarM)).toEqual([0.5, 2, 10, 20, 50]);
    expect(scaleBarM(0)).toBe(0);
  });
});
