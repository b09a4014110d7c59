import { expect, test } from 'vitest';
import { SendWindow } from './send-window.ts';

test('a service gets no more in any window than it takes, and the critical ones a share of their own', () => {
  let nowMs = 0;
  const window = new SendWindow({ messages: 5, windowMs: 60_000, reserved: 2 }, () => nowMs);
  for (const atMs of [0, 10_000, 20_000]) {
    nowMs = atMs;
    expect(window.take('robot', false)).toBe(0);
  }
  expect(window.take('robot', false)).toBe(40_000);
  expect(window.take('another', false)).toBe(0);
  expect(window.take('robot', true)).toBe(0);
  expect(window.take('robot', true)).toBe(0);
  expect(window.take('robot', true)).toBe(40_000);
  nowMs = 60_000;
  expect(window.take('robot', true)).toBe(0);
  expect(window.take('robot', false)).toBe(20_000);
});
