import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { FakeScheduler } from './fake-scheduler.ts';
import type { Scheduler } from './scheduler.ts';
import { TimerScheduler } from './timer-scheduler.ts';

const logger = pino({ level: 'silent' });

interface Adapter {
  readonly scheduler: Scheduler;
  readonly nowMs: () => number;
  /** Lets this much time pass, at least. */
  readonly pass: (ms: number) => Promise<void>;
}

const adapters: Readonly<Record<string, () => Adapter>> = {
  timers: () => ({
    scheduler: new TimerScheduler({ nowMs: Date.now, logger, retryMs: { first: 1, largest: 10 } }),
    nowMs: Date.now,
    pass: (ms) => sleep(ms + 100),
  }),
  fake: () => {
    const scheduler = new FakeScheduler(1_000_000);
    return { scheduler, nowMs: () => scheduler.nowMs, pass: (ms) => scheduler.pass(ms) };
  },
};

describe.each(Object.entries(adapters))('due work by %s', (_name, make) => {
  test('runs at its time with its key and payload, not before, and once', async () => {
    const { scheduler, nowMs, pass } = make();
    const ran: unknown[] = [];
    scheduler.handle('gateway.lost', (key, payload) => void ran.push([key, payload]));
    scheduler.schedule('gateway.lost', 'edge1', nowMs() + 60_000, { x: 1 });
    scheduler.schedule('gateway.lost', 'edge2', nowMs() + 30, { x: 2 });
    await pass(40);
    await pass(40);
    expect(ran).toEqual([['edge2', { x: 2 }]]);
    scheduler.cancel('gateway.lost', 'edge1');
  });

  test('scheduling again replaces, cancelling takes away, what is past runs at once', async () => {
    const { scheduler, nowMs, pass } = make();
    const ran: string[] = [];
    scheduler.handle('device.lost', (key) => void ran.push(key));
    scheduler.schedule('device.lost', 'a', nowMs() + 10);
    scheduler.schedule('device.lost', 'a', nowMs() + 3_600_000);
    scheduler.schedule('device.lost', 'b', nowMs() + 10);
    scheduler.cancel('device.lost', 'b');
    scheduler.cancel('device.lost', 'never');
    scheduler.schedule('device.lost', 'c', nowMs() - 1_000);
    await pass(30);
    expect(ran).toEqual(['c']);
    scheduler.cancel('device.lost', 'a');
  });

  test('work that fails is due again', async () => {
    const { scheduler, nowMs, pass } = make();
    let attempts = 0;
    scheduler.handle('settings.broken', async () => {
      if (++attempts < 3) throw new Error('not yet');
    });
    scheduler.schedule('settings.broken', 'a', nowMs());
    await pass(200);
    expect(attempts).toBe(3);
  });
});

test('timers wait for lived time: a clock that is set makes nothing due', async () => {
  let clockMs = 1_000_000;
  const scheduler = new TimerScheduler({ nowMs: () => clockMs, logger });
  const ran: string[] = [];
  scheduler.handle('gateway.lost', (key) => void ran.push(key));
  scheduler.schedule('gateway.lost', 'edge1', clockMs + 3_600_000);
  clockMs += 7_200_000;
  await sleep(50);
  expect(ran).toEqual([]);
  scheduler.stop();
  expect(scheduler.size).toBe(0);
});
