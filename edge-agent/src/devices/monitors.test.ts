import { expect, test } from 'vitest';
import { SwitchMonitor } from './switch-monitor.ts';
import { AnomalyMonitor } from './temperature/anomaly-monitor.ts';
import { LimitMonitor } from './temperature/limit-monitor.ts';

test('a switch speaks when it changes, not when it repeats', () => {
  const judge = new SwitchMonitor('smoke');
  const types = [false, true, true, false, false].map((active) => judge.observe(active)?.type);
  expect(types).toEqual([
    undefined,
    'watchpost.sensor.alarm.v1',
    undefined,
    'watchpost.sensor.cleared.v1',
    undefined,
  ]);
});

test('a value at the limit does not chatter', () => {
  const judge = new LimitMonitor({ low: 0, high: 40, hysteresis: 2 });
  const said = [39, 40.1, 39.5, 40.2, 38.5, 37.9, 39].map((value) => judge.observe(value)?.type ?? null);
  expect(said).toEqual([
    null,
    'watchpost.sensor.alarm.v1',
    null,
    null,
    null,
    'watchpost.sensor.cleared.v1',
    null,
  ]);
});

test('falling from one limit through the other is a second alarm with the other limit', () => {
  const judge = new LimitMonitor({ low: 0, high: 40, hysteresis: 2 });
  judge.observe(50);
  expect(judge.observe(-5)).toMatchObject({
    type: 'watchpost.sensor.alarm.v1',
    data: { limit: 0, value: -5 },
  });
});

test('an unusual stretch speaks once, and never while the limit is crossed or the detector learns', () => {
  const odd = {
    score: 0.9,
    reason: 'spike',
    expected: 20,
    ready: true,
    by: 'statistics',
    usual: true,
  } as const;
  const usual = { score: 0, reason: null, expected: 20, ready: true, by: 'statistics', usual: true } as const;
  const judge = new AnomalyMonitor();
  expect(judge.observe(0, 30, { ...odd, ready: false }, false)).toBeNull();
  expect(judge.observe(1, 30, odd, true)).toBeNull();
  expect(judge.observe(2, 30, odd, false)).toMatchObject({
    data: { score: 0.9, reason: 'spike', expected: 20 },
  });
  expect(judge.observe(3, 30, odd, false)).toBeNull();
  judge.observe(4, 20, usual, false);
  expect(judge.observe(5, 30, odd, false)).toBeNull();
  judge.observe(6, 20, usual, false);
  expect(judge.observe(70_000, Number.NaN, { ...odd, expected: Number.NaN }, false)?.data).toEqual({
    kind: 'temperature',
    unit: 'Cel',
    score: 0.9,
    reason: 'spike',
  });
});
