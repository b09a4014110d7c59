import { expect, test } from 'vitest';
import { noClockHistory, observeState } from './gateway-clock.ts';

const nowMs = Date.UTC(2026, 10, 1);
/** A state made when the gateway's clock said `clockMs`, and received `delayMs` later by ours. */
const see = (history: typeof noClockHistory, clockMs: number, delayMs: number) =>
  observeState(
    history,
    { status: 'online', time: new Date(clockMs).toISOString(), clockOffsetMs: null },
    clockMs + delayMs,
  );

test('two states that were made apart and came alike tell the offset of a gateway that does not know it', () => {
  const one = see(noClockHistory, nowMs, 900_030);
  expect(one.offsetMs).toBeNull();
  expect(see(one, nowMs + 30_000, 900_010).offsetMs).toBe(900_010);
});

test('what the broker had kept tells nothing: one state, the same twice, a burst, or many that came at once', () => {
  const hour = 3_600_000;
  let history = see(noClockHistory, nowMs, hour);
  history = see(history, nowMs, hour);
  history = see(history, nowMs + 250, hour - 250);
  expect(history.offsetMs).toBeNull();
  for (let at = 30_000; at <= hour; at += 30_000) history = see(history, nowMs + at, hour - at);
  expect(history.offsetMs).toBeNull();
  expect(see(history, nowMs + hour + 30_000, 20).offsetMs).toBe(0);
});

test('what the gateway itself measured counts at once', () => {
  const state = {
    status: 'online',
    time: '2026-11-01T00:00:00.000Z',
    clockOffsetMs: -500,
    clockSource: 'receipt',
  } as const;
  expect(observeState(noClockHistory, state, nowMs)).toMatchObject({ offsetMs: 500, corrects: true });
});
