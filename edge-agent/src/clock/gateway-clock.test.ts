import { expect, test } from 'vitest';
import { GatewayClock } from './gateway-clock.ts';

/** A machine whose clocks a test moves: `pass` lets time go by, `set` sets the wall clock. */
function machine(wallMs: number, lastServerMs = 0) {
  let monotonic = 5_000;
  let wall = wallMs;
  const clock = new GatewayClock({ wallMs: () => wall, monotonicMs: () => monotonic }, { lastServerMs });
  return {
    clock,
    pass: (ms: number) => {
      monotonic += ms;
      wall += ms;
    },
    set: (ms: number) => {
      wall = ms;
    },
  };
}

test('the offset is that of the quickest receipt', () => {
  const { clock } = machine(1_000_000);
  expect([clock.offsetMs, clock.source, clock.nowMs()]).toEqual([null, 'none', 1_000_000]);
  for (const delay of [300, 20, 500]) clock.observe(400_000 - delay);
  expect([clock.offsetMs, clock.source, clock.nowMs()]).toEqual([-600_020, 'receipt', 399_980]);
});

test('a clock that jumps moves the offset at once, and the time not at all', () => {
  const { clock, pass, set } = machine(1_000_000);
  clock.observe(1_000_000);
  pass(2_000);
  set(1_002_000 + 3 * 3_600_000);
  expect(clock.offsetMs).toBe(-3 * 3_600_000);
  expect(clock.nowMs()).toBe(1_002_000);
  // Captured 40 ms before the jump, handed over after it.
  expect(clock.siteTimeOf(1_001_960)).toBe(1_002_000);
});

test('what was captured is put into the server’s time, and apart again for the wire', () => {
  const { clock, pass } = machine(1_000_000);
  clock.observe(1_900_000);
  pass(100);
  const siteTime = clock.siteTimeOf(1_000_060);
  expect(siteTime).toBe(1_900_060);
  expect(clock.stamp(siteTime)).toEqual({ clockMs: 1_000_060, offsetMs: 900_000, monotonicMs: null });
});

test('a moment before the first receipt is told by its monotonic age, whatever the clock did since', () => {
  const { clock, pass, set } = machine(1_000);
  const before = clock.stamp(clock.siteTimeOf(1_000));
  expect(before).toEqual({ clockMs: 1_000, offsetMs: null, monotonicMs: 5_000 });
  expect(clock.offsetOf(before.clockMs, 5_000)).toBeNull();
  pass(60_000);
  set(7);
  clock.observe(1_800_000_060_000);
  expect(before.clockMs + (clock.offsetOf(before.clockMs, 5_000) ?? 0)).toBe(1_800_000_000_000);
});

test('the time is unknown while no server has said it and the clock is behind what was known', () => {
  const { clock, set } = machine(1_000, 2_000);
  expect(clock.isUnknown).toBe(true);
  set(2_001);
  expect(clock.isUnknown).toBe(false);
  set(0);
  clock.observe(3_000);
  expect(clock.isUnknown).toBe(false);
});

test('a server whose clock was set back is followed at once; one slow receipt is not', () => {
  const { clock, pass } = machine(0);
  clock.observe(10_000_000);
  pass(1_000);
  clock.observe(10_001_000 - 20_000);
  expect(clock.nowMs()).toBe(10_001_000);
  clock.observe(9_101_000);
  expect(clock.nowMs()).toBe(9_101_000);
});
