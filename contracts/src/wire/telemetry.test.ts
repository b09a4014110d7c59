import { expect, it } from 'vitest';
import { resolveTelemetry } from '../wire/index.ts';

it('base fields carry on to later records (RFC 8428 §4.5)', () => {
  expect(
    resolveTelemetry(
      [
        { bn: 'hall-temperature/', bt: 1_793_520_930, bu: 'Cel', n: 'temperature', v: 21.4 },
        { n: 'temperature', t: 5, v: 21.5 },
        { n: 'battery', u: '%RH', v: 80 },
        { n: 'open', vb: true },
        { n: 'note', vs: 'left out' },
      ],
      0,
    ).map(({ metric, unit, value, timeMs }) => [metric, unit, value, timeMs]),
  ).toEqual([
    ['temperature', 'Cel', 21.4, 1_793_520_930_000],
    ['temperature', 'Cel', 21.5, 1_793_520_935_000],
    ['battery', '%RH', 80, 1_793_520_930_000],
    ['open', 'Cel', 1, 1_793_520_930_000],
  ]);
});

it('a small time is relative to now (RFC 8428 §4.5.3), and a name without a device is left out', () => {
  expect(
    resolveTelemetry(
      [
        { n: 'd/m', t: -2, v: 1 },
        { n: 'm', v: 1 },
        { n: 'd/', v: 1 },
      ],
      10_000,
    ),
  ).toEqual([{ device: 'd', metric: 'm', unit: null, value: 1, timeMs: 8000 }]);
});
