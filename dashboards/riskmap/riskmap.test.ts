import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatClass, heatClassCount, heatLegend } from './heat-classes.ts';
import { boundingBox, longestSide, planViewBox, scaleBarM, svgPoints } from './plan-geometry.ts';
import { nameWidthPx, zoneNamePlace } from './zone-name-place.ts';

describe('heat classes', () => {
  it('lie between 1 and 5 for whatever is expected, and grow with it', () => {
    const intensity = fc.double({ min: 1e-9, max: 1, noNaN: true });
    fc.assert(
      fc.property(intensity, intensity, (left, right) => {
        const [low, high] = [Math.min(left, right), Math.max(left, right)];
        expect(heatClass(low)).toBeGreaterThanOrEqual(1);
        expect(heatClass(high)).toBeLessThanOrEqual(heatClassCount);
        expect(heatClass(low)).toBeLessThanOrEqual(heatClass(high));
      }),
    );
    expect(heatClass(0)).toBe(0);
  });

  it('mean in the legend what they mean on the map', () => {
    const largest = 3.2;
    const legend = heatLegend([{ expectedPerDay: largest }, { expectedPerDay: 0.1 }]);
    for (const { heatClass: named, upToPerDay } of legend) {
      expect(heatClass((upToPerDay / largest) * 0.999)).toBe(named);
    }
    expect(heatLegend([{ expectedPerDay: 0 }])).toEqual([]);
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
