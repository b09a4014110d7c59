import { expect, test } from 'vitest';
import { defaultPolicy } from '../policy.ts';
import { forgedPass, testEvent } from '../testing/test-events.ts';
import { ClockSteps } from './clock-steps.ts';
import { correctTime } from './event-time.ts';
import { latenessOf } from './lateness.ts';
import { timePolicy } from './policy.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-11-01T08:00:00.000Z');

/** A server whose clocks a test moves. */
function server() {
  let wall = startMs;
  let monotonic = 1_000;
  const steps = new ClockSteps({ wallMs: () => wall, monotonicMs: () => monotonic });
  return {
    steps,
    nowMs: () => wall,
    pass: (ms: number) => {
      wall += ms;
      monotonic += ms;
    },
    set: (ms: number) => {
      wall += ms;
    },
  };
}

test('time that passes is no step, nor is a clock that is slewed; one that is set is seen once', () => {
  const { steps, pass, set } = server();
  for (let second = 0; second < 3_600; second++) {
    pass(1_000);
    set(1);
    expect(steps.look()).toBe(0);
  }
  set(hourMs);
  expect(steps.look()).toBe(hourMs);
  expect(steps.look()).toBe(0);
  expect(steps.behindMs).toEqual([hourMs]);
  pass(30_000);
  set(-3 * hourMs);
  expect(steps.look()).toBe(-3 * hourMs);
  // Measured after the first step, or before both.
  expect(steps.behindMs).toEqual([-3 * hourMs, -2 * hourMs]);
  pass(timePolicy.stepHeardWithinMs + 1);
  steps.look();
  expect(steps.behindMs).toEqual([]);
});

test.each([
  ['an hour forward', hourMs],
  ['three hours back', -3 * hourMs],
])('what was corrected just before our clock was set %s is live; what is old stays old', (_what, stepMs) => {
  const { steps, nowMs, set } = server();
  const gatewayIsSlowMs = 900_000;
  const reported = (agoMs: number) => ({
    ...testEvent(forgedPass({ time: new Date(startMs - agoMs - gatewayIsSlowMs).toISOString() })),
    ...{ clockoffset: gatewayIsSlowMs, clocksource: 'receipt' as const },
  });
  set(stepMs);
  steps.look();
  const correct = (agoMs: number) => {
    const event = reported(agoMs);
    const corrected = correctTime(event, nowMs(), { offsetMs: null, behindMs: steps.behindMs });
    return {
      ageMs: nowMs() - corrected.timeMs,
      by: corrected.by,
      ...latenessOf(event, corrected, nowMs(), defaultPolicy.late),
    };
  };
  expect(correct(500)).toEqual({ ageMs: 500, by: 'measured', late: false });
  expect(correct(12 * hourMs).late).toBe(true);
});
