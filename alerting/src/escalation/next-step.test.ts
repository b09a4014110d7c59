import { expect, test } from 'vitest';
import { nextStep } from './next-step.ts';

const step = (waitSeconds: number, times?: number | null) => ({
  ...{ waitSeconds, targets: [], channels: null, onlyFor: null },
  repeat: times === undefined ? null : { everySeconds: 60, times },
});
const steps = [step(0), step(120, 1), step(300, null)];

test.each([
  ['the next one, after its wait', { step: 0, round: 0 }, 'reached', [1, 0, 120_000]],
  ['the next one at once after one that reached nobody', { step: 0, round: 0 }, 'nobody', [1, 0, 0]],
  ['the next one after its wait where one is not meant', { step: 0, round: 0 }, 'not_meant', [1, 0, 120_000]],
  ['the same again', { step: 1, round: 0 }, 'reached', [1, 1, 60_000]],
  ['the next one when that was often enough', { step: 1, round: 1 }, 'reached', [2, 0, 300_000]],
  ['the next one where a repeated one reaches nobody', { step: 1, round: 0 }, 'nobody', [2, 0, 0]],
  ['the last one without end', { step: 2, round: 99 }, 'reached', [2, 100, 60_000]],
  ['the last one again, where it reached nobody', { step: 2, round: 0 }, 'nobody', [2, 1, 60_000]],
] as const)('%s', (_, at, outcome, [next, round, waitMs]) => {
  expect(nextStep(steps, at, outcome)).toEqual({ state: 'running', step: next, round, waitMs });
});

test('after the last step that does not repeat there is none', () => {
  expect(nextStep([step(0)], { step: 0, round: 0 }, 'reached')).toEqual({
    state: 'ended',
    step: 1,
    round: 0,
  });
});
