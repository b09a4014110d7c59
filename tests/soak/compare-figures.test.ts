import { expect, it } from 'vitest';
import { compareFigures } from './compare-figures.ts';

const time = (value: number) => ({ figure: 'deliver_p99_ms', value, unit: 'ms', n: 9 });
const rate = (value: number) => ({ figure: 'qos1_msgs_per_s', value, unit: 'messages/s', n: 9 });
const peer = (value: number) => ({ figure: 'qos1_over_aedes', value, unit: 'ratio', n: 9 });

it('a ratio above one means better, whichever way the figure points', () => {
  const base = [time(10), rate(1000), peer(1)];
  const now = [time(5), rate(2000), peer(1.5)];
  expect(compareFigures([{ base, now }])).toEqual([
    { figure: 'deliver_p99_ms', ratio: 2, rounds: 1 },
    { figure: 'qos1_msgs_per_s', ratio: 2, rounds: 1 },
    { figure: 'qos1_over_aedes', ratio: 1.5, rounds: 1 },
  ]);
});

it('how many times a peer’s a time is, is better when it is less', () => {
  const times = (value: number) => ({
    figure: 'broker_flood_p99_over_mosquitto',
    value,
    unit: 'ratio',
    n: 9,
  });
  expect(compareFigures([{ base: [times(3)], now: [times(1.5)] }])).toEqual([
    { figure: 'broker_flood_p99_over_mosquitto', ratio: 2, rounds: 1 },
  ]);
});

it('one bad round of three does not decide', () => {
  const round = (now: number) => ({ base: [rate(1000)], now: [rate(now)] });
  expect(compareFigures([round(950), round(10), round(1100)])).toEqual([
    { figure: 'qos1_msgs_per_s', ratio: 0.95, rounds: 3 },
  ]);
});

it('nothing lost before and after is equal, and a figure that only one tree has is left out', () => {
  const lost = { figure: 'cluster_lost', value: 0, unit: 'messages', n: 9 };
  expect(compareFigures([{ base: [lost], now: [lost, rate(1)] }])).toEqual([
    { figure: 'cluster_lost', ratio: 1, rounds: 1 },
  ]);
});

it('what a peer reaches by itself says nothing about the tree', () => {
  const calm = (figure: string, value: number) => ({ figure, value, unit: 'ms', n: 600 });
  const peers = [
    'storm_mosquitto_calm_p99_ms',
    'broker_flood_mosquitto_p99_ms',
    'broker_flood_bare_node_p99_ms',
  ];
  const base = [...peers.map((peer) => calm(peer, 2)), calm('storm_calm_p99_ms', 2)];
  const now = [...peers.map((peer) => calm(peer, 9)), calm('storm_calm_p99_ms', 2)];
  expect(compareFigures([{ base, now }])).toEqual([{ figure: 'storm_calm_p99_ms', ratio: 1, rounds: 1 }]);
});
