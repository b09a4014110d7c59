import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { FakeDue } from './fake-scheduler.ts';
import type { Due } from './scheduler.ts';
import { TimerDue } from './timer-scheduler.ts';

const logger = pino({ level: 'silent' });

interface Adapter {
  readonly due: Due;
  readonly nowMs: () => number;
  /** Lets this much time pass, at least. */
  readonly pass: (ms: number) => Promise<void>;
}

const adapters: Readonly<Record<string, () => Adapter>> = {
  timers: () => ({
    due: new TimerDue({ nowMs: Date.now, logger, retryMs: { first: 1, largest: 10 } }),
    nowMs: Date.now,
    pass: (ms) => sleep(ms + 100),
  }),
  fake: () => {
    const due = new FakeDue(1_000_000);
    return { due, nowMs: () => due.nowMs, pass: (ms) => due.pass(ms) };
  },
};

describe.each(Object.entries(adapters))('due work by %s', (_name, make) => {
  test('runs at its time with its key and payload, not before, and once', async () => {
    const { due, nowMs, pass } = make();
    const ran: unknown[] = [];
    due.handle('gateway.lost', (key, payload) => void ran.push([key, payload]));
    due.schedule('gateway.lost', 'edge1', nowMs() + 60_000, { x: 1 });
    due.schedule('gateway.lost', 'edge2', nowMs() + 30, { x: 2 });
    await pass(40);
    await pass(40);
    expect(ran).toEqual([['edge2', { x: 2 }]]);
    due.cancel('gateway.lost', 'edge1');
  });

  test('scheduling again replaces, cancelling takes away, what is past runs at once', async () => {
    const { due, nowMs, pass } = make();
    const ran: string[] = [];
    due.handle('device.lost', (key) => void ran.push(key));
    due.schedule('device.lost', 'a', nowMs() + 10);
    due.schedule('device.lost', 'a', nowMs() + 3_600_000);
    due.schedule('device.lost', 'b', nowMs() + 10);
    due.cancel('device.lost', 'b');
    due.cancel('device.lost', 'never');
    due.schedule('device.lost', 'c', nowMs() - 1_000);
    await pass(30);
    expect(ran).toEqual(['c']);
    due.cancel('device.lost', 'a');
  });

  test('work that fails is due again', async () => {
    const { due, nowMs, pass } = make();
    let attempts = 0;
    due.handle('alert.clear', async () => {
      if (++attempts < 3) throw new Error('not yet');
    });
    due.schedule('alert.clear', 'a', nowMs());
    await pass(200);
    expect(attempts).toBe(3);
  });
});

test('timers wait for lived time: a clock that is set makes nothing due', async () => {
  let clockMs = 1_000_000;
  const due = new TimerDue({ nowMs: () => clockMs, logger });
  const ran: string[] = [];
  due.handle('gateway.lost', (key) => void ran.push(key));
  due.schedule('gateway.lost', 'edge1', clockMs + 3_600_000);
  clockMs += 7_200_000;
  await sleep(50);
  expect(ran).toEqual([]);
  due.stop();
  expect(due.size).toBe(0);
});
