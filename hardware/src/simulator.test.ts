import type { SimulatorPlanInput } from '@watchpost/contracts/site';
import { expect, test } from 'vitest';
import { type Clock, createSimulator, loadProfiles, type Reading } from './index.ts';

const profiles = loadProfiles();

/** Time that only moves when told to. */
class FakeClock implements Clock {
  #now = Date.UTC(2026, 10, 1);
  #queue: { at: number; order: number; run: () => void }[] = [];
  #order = 0;
  now() {
    return this.#now;
  }
  after(delayMs: number, run: () => void) {
    const entry = { at: this.#now + delayMs, order: this.#order++, run };
    this.#queue.push(entry);
    return () => {
      this.#queue = this.#queue.filter((other) => other !== entry);
    };
  }
  advance(ms: number) {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#queue.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next || next.at > end) break;
      this.#queue = this.#queue.filter((other) => other !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
  get waiting() {
    return this.#queue.length;
  }
}

function play(profileId: string, plan: SimulatorPlanInput, ms: number): Reading[] {
  const clock = new FakeClock();
  const readings: Reading[] = [];
  const simulator = createSimulator(profiles.get(profileId)!, { deviceId: 'd', plan, clock });
  simulator.start((reading) => readings.push(reading));
  clock.advance(ms);
  simulator.stop();
  expect(clock.waiting).toBe(0);
  return readings;
}

test('a schedule is played at its times and repeated', () => {
  const start = Date.UTC(2026, 10, 1);
  const readings = play(
    'generic-smoke',
    {
      schedule: [
        { atMs: 1000, action: 'alarm' },
        { atMs: 3000, action: 'clear' },
      ],
      repeatMs: 10_000,
    },
    12_000,
  );
  expect(readings.map((r) => [r.timeMs - start, r.kind === 'smoke' && r.alarm])).toEqual([
    [0, false],
    [1000, true],
    [3000, false],
    [11_000, true],
  ]);
});

test.each(['generic-temperature', 'generic-door-contact', 'generic-code-reader', 'generic-smoke'])(
  '%s: the same seed gives the same readings, another seed others',
  (profile) => {
    const plan = { randomEveryMs: 20_000, texts: ['a', 'b', 'c'] };
    const once = play(profile, { ...plan, seed: 7 }, 600_000);
    expect(play(profile, { ...plan, seed: 7 }, 600_000)).toEqual(once);
    expect(play(profile, { ...plan, seed: 8 }, 600_000)).not.toEqual(once);
    expect(once.length).toBeGreaterThan(5);
  },
);

test('a temperature sensor samples at its interval and can be pushed over the limit', () => {
  const readings = play(
    'generic-temperature',
    {
      schedule: [
        { atMs: 3500, action: 'set', value: 60 },
        { atMs: 5500, action: 'release' },
      ],
    },
    8000,
  );
  const hot = readings.map((r) => r.kind === 'temperature' && r.celsius > 50);
  expect(hot).toEqual([false, false, false, false, true, true, true, false, false, false, false]);
});

test('a code reader scans the text of the index that it is told', () => {
  const clock = new FakeClock();
  const simulator = createSimulator(profiles.get('generic-code-reader')!, {
    deviceId: 'r',
    plan: { texts: ['one', 'two'] },
    clock,
  });
  const readings: Reading[] = [];
  simulator.start((reading) => readings.push(reading));
  simulator.trigger('scan', 1);
  expect(readings).toEqual([{ device: 'r', timeMs: clock.now(), kind: 'code', text: 'two' }]);
  for (const [action, value] of [
    ['scan', 9],
    ['open', 0],
  ] as const) {
    expect(() => simulator.trigger(action, value)).toThrow(expect.objectContaining({ code: 'wire.schema' }));
  }
});

test('a camera has no simulator', () => {
  expect(() => createSimulator(profiles.get('generic-camera')!, { deviceId: 'c' })).toThrow(
    expect.objectContaining({ code: 'config.invalid' }),
  );
});
