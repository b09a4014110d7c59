import { expect, it } from 'vitest';
import { SiteClock } from './site-clock.ts';

const at = (ms: number) => new Date(ms).toISOString();

function clock(localMs: number) {
  const source = { monotonic: 0, local: localMs };
  const made = new SiteClock({ monotonicMs: () => source.monotonic, localMs: () => source.local });
  const pass = (ms: number) => {
    source.monotonic += ms;
    source.local += ms;
  };
  return { made, source, pass };
}

it('is right on a computer whose clock is 50 minutes fast, and says by how much that is off', () => {
  const { made, pass } = clock(3_000_000);
  made.heard(at(0));
  pass(5_000);
  expect(made.nowMs()).toBe(5_000);
  expect(made.localAheadMs()).toBe(3_000_000);
});

it('goes on evenly when the computer’s clock is set while it runs', () => {
  const { made, source, pass } = clock(0);
  made.heard(at(0));
  source.local += 3_600_000;
  pass(1_000);
  expect(made.nowMs()).toBe(1_000);
});

it('believes the answer that travelled least, follows a server that was set back, and a computer that slept', () => {
  const { made, pass, source } = clock(0);
  pass(1_000);
  made.heard(at(200));
  expect(made.nowMs()).toBe(200);
  made.heard(at(1_000));
  expect(made.nowMs()).toBe(1_000);
  made.heard(at(900));
  expect(made.nowMs()).toBe(1_000);
  made.heard(at(-60_000));
  expect(made.nowMs()).toBe(-60_000);
  source.local += 3_600_000;
  made.heard(at(3_600_000));
  expect(made.nowMs()).toBe(3_600_000);
});

it('is the computer’s own until the server was heard', () => {
  const { made } = clock(42);
  made.heard('nonsense');
  expect([made.nowMs(), made.localAheadMs()]).toEqual([42, 0]);
});
