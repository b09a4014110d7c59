import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Debounce, type Heard } from './debounce.ts';

/** A clock that is moved by hand. */
function handClock() {
  let now = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    get now() {
      return now;
    },
    after(delayMs: number, run: () => void) {
      const timer = { atMs: now + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    go(ms: number) {
      const until = now + ms;
      for (;;) {
        const next = timers.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (!next || next.atMs > until) break;
        timers = timers.filter((other) => other !== next);
        now = next.atMs;
        next.run();
      }
      now = until;
    },
    get waiting() {
      return timers.length;
    },
  };
}

function playing(lastMs: number) {
  const clock = handClock();
  const passed: Heard<boolean>[] = [];
  const debounce = new Debounce<boolean>(lastMs, clock, (heard) => void passed.push(heard));
  const hear = (value: boolean) => debounce.hear({ value, timeMs: clock.now, kept: false });
  return { clock, passed, debounce, hear };
}

it('a change counts when it has lasted, with the time at which it began', () => {
  const { clock, passed, hear } = playing(100);
  hear(false);
  clock.go(10);
  hear(true);
  clock.go(60);
  hear(true);
  expect(passed).toHaveLength(1);
  clock.go(40);
  expect(passed.at(-1)).toMatchObject({ value: true, timeMs: 10 });
});

it('a bounce is not heard, and nothing waits after a stop', () => {
  const { clock, passed, debounce, hear } = playing(100);
  hear(false);
  hear(true);
  clock.go(99);
  hear(false);
  clock.go(1000);
  expect(passed.map(({ value }) => value)).toEqual([false, false]);
  hear(true);
  debounce.stop();
  expect(clock.waiting).toBe(0);
});

it('whatever is heard: a value differs from the one before only after it was the only one for long enough', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.boolean()), { maxLength: 50 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), steps, (lastMs, played) => {
      const { clock, passed, hear } = playing(lastMs);
      const said: { readonly atMs: number; readonly value: boolean }[] = [];
      for (const [pauseMs, value] of played) {
        clock.go(pauseMs);
        said.push({ atMs: clock.now, value });
        hear(value);
      }
      clock.go(lastMs);
      passed.forEach(({ value, timeMs }, index) => {
        const before = passed[index - 1];
        if (!before || before.value === value) return;
        const others = said.filter((one) => one.value !== value);
        expect(others.every(({ atMs }) => atMs <= timeMs || atMs >= timeMs + lastMs)).toBe(true);
      });
      // What was said last, and not taken back, counts in the end.
      expect(passed.at(-1)?.value).toBe(said.at(-1)?.value);
      expect(clock.waiting).toBe(0);
    }),
  );
});
