import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { RiskMap } from './risk-map.tsx';

const cell = (name: string, intensity: number) => ({
  cell: name,
  outline: [
    [0, 0],
    [5, 0],
    [5, 5],
  ] as [number, number][],
  expectedPerDay: intensity * 2,
  intensity,
  weight: 1,
});

it('draws every cell with its value in words, every wall, and devices with their state', () => {
  const html = renderToStaticMarkup(
    <RiskMap
      plan={{
        widthM: 40,
        heightM: 30,
        walls: [
          [
            [0, 0],
            [40, 0],
          ],
        ],
      }}
      zones={[
        {
          id: 'gate',
          name: 'Gate',
          outline: [
            [0, 0],
            [9, 0],
            [9, 9],
          ],
          public: true,
          selected: true,
        },
      ]}
      devices={[
        {
          id: 'cam',
          kind: 'camera',
          at: [5, 5],
          status: 'lost',
          severity: 'high',
          selected: false,
          text: 'Camera, lost',
          name: 'Camera',
        },
      ]}
      cells={[cell('a', 1), cell('b', 0.01)]}
      topPerDay={2}
      label="Plan"
      cellText={(shown) => `${shown.expectedPerDay} a day`}
      scaleText={(metres) => `${metres} m`}
    />,
  );
  expect(html.match(/data-testid="heat-cell"/g)).toHaveLength(2);
  expect(html).toContain('<title>2 a day</title>');
  expect(html).toContain('class="riskmap-wall"');
  expect(html).toContain('riskmap-cross');
  expect(html).toContain('data-severity="high"');
  expect(html).not.toContain('role="button"');
});
