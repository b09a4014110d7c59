import { expect, test } from 'vitest';
import { hasDuplicate, noEpochs, observeEpoch } from './duplicate-identity.ts';
import { duplicatePolicy } from './policy.ts';

const after = (epochs: readonly string[], nowMs = 1000) =>
  epochs.reduce((history, epoch) => observeEpoch(history, epoch, nowMs), noEpochs);

test('a new outbox, and another one after it, are in order', () => {
  expect(hasDuplicate(after(['a', 'a', 'b', 'b', 'c']), 1000)).toBe(false);
});

test('an epoch that comes back after another one means a double', () => {
  expect(hasDuplicate(after(['a', 'b', 'a']), 1000)).toBe(true);
});

test('the mark goes when they stop to alternate', () => {
  const history = after(['a', 'b', 'a'], 1000);
  expect(hasDuplicate(history, 1000 + duplicatePolicy.markMs - 1)).toBe(true);
  expect(hasDuplicate(history, 1000 + duplicatePolicy.markMs)).toBe(false);
});

test('a gateway that makes new epochs for ever is remembered in bounded space', () => {
  const epochs = Array.from({ length: 1000 }, (_, index) => `e${index}`);
  expect(after(epochs).replaced.size).toBeLessThanOrEqual(16);
});
