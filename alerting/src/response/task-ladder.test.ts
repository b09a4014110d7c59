import { type TaskState, taskStates } from '@watchpost/contracts/api';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isOver, isUnderWay, stepsFrom, stepTo, type TaskActor } from './task-ladder.ts';

describe('the ladder, step by step', () => {
  // from, who, what may follow (with ! where a reason is needed)
  const table: readonly (readonly [TaskState, TaskActor, string])[] = [
    ['offered', 'unit', 'accepted declined'],
    ['offered', 'dispatcher', 'accepted declined recalled'],
    ['accepted', 'unit', 'en_route declined!'],
    ['accepted', 'dispatcher', 'en_route declined! recalled!'],
    ['en_route', 'unit', 'on_scene declined!'],
    ['en_route', 'dispatcher', 'on_scene declined! recalled!'],
    ['on_scene', 'unit', 'done'],
    ['on_scene', 'dispatcher', 'done recalled!'],
    ...(['done', 'declined', 'recalled'] as const).flatMap((state) =>
      (['unit', 'dispatcher'] as const).map((actor) => [state, actor, ''] as const),
    ),
  ];
  test.each(table)('%s, %s: %s', (from, actor, expected) => {
    const steps = stepsFrom(from, actor).map(({ to, needsReason }) => `${to}${needsReason ? '!' : ''}`);
    expect(steps.join(' ')).toBe(expected);
  });

  it('every state and everybody stands in the table', () => {
    expect(new Set(table.map(([from, actor]) => `${from} ${actor}`)).size).toBe(taskStates.length * 2);
  });
});

it('property: however it is climbed, no rung is skipped or comes twice, and it ends where nothing follows', () => {
  const rungs: readonly TaskState[] = ['offered', 'accepted', 'en_route', 'on_scene', 'done'];
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ to: fc.constantFrom(...taskStates), actor: fc.constantFrom('unit', 'dispatcher') }),
        {
          maxLength: 40,
        },
      ),
      (tries) => {
        const seen: TaskState[] = ['offered'];
        for (const { to, actor } of tries) {
          const from = seen.at(-1) ?? 'offered';
          const step = stepTo(from, to, actor as TaskActor);
          if (!step) continue;
          expect(isOver(from)).toBe(false);
          expect(step.to === 'recalled' && actor === 'unit').toBe(false);
          seen.push(to);
        }
        expect(new Set(seen).size).toBe(seen.length);
        const climbed = seen.filter((state) => rungs.includes(state));
        expect(climbed).toEqual(rungs.slice(0, climbed.length));
        expect(seen.slice(0, -1).some(isOver)).toBe(false);
      },
    ),
  );
});

it('an offer occupies nobody, and what is over neither', () => {
  expect(taskStates.filter(isUnderWay)).toEqual(['accepted', 'en_route', 'on_scene']);
  expect(taskStates.filter(isOver)).toEqual(['done', 'declined', 'recalled']);
});
