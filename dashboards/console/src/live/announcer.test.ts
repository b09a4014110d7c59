import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { consolePolicy } from '../policy.ts';
import { testAlert } from '../test-alerts.ts';
import { Announcer } from './announcer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('says what comes within one breath in one sentence, and its readers are told once', () => {
  const announcer = new Announcer();
  let told = 0;
  const leave = announcer.subscribe(() => {
    told += 1;
  });
  announcer.hear(testAlert({ id: 'a' }));
  announcer.hear(testAlert({ id: 'b', severity: 'critical' }));
  expect([announcer.current(), told]).toEqual([null, 0]);
  vi.advanceTimersByTime(consolePolicy.breathMs);
  expect(announcer.current()).toMatchObject({ alert: { id: 'b' }, others: 1, urgent: true });
  announcer.hear(testAlert({ id: 'c' }));
  vi.advanceTimersByTime(consolePolicy.breathMs);
  expect([announcer.current()?.alert.id, told]).toEqual(['c', 2]);
  leave();
});

it('says nothing more once it is stopped, and speaks again when somebody begins anew', () => {
  const announcer = new Announcer();
  announcer.hear(testAlert({ id: 'a' }));
  announcer.stop();
  vi.advanceTimersByTime(consolePolicy.breathMs);
  expect(announcer.current()).toBeNull();
  announcer.hear(testAlert({ id: 'b' }));
  vi.advanceTimersByTime(consolePolicy.breathMs);
  expect(announcer.current()?.others).toBe(1);
});
