import { type TaskState, taskStates, type UnitState } from '@watchpost/contracts/api';
import { expect, it, test } from 'vitest';
import { unitIsOnDuty, unitState } from './unit-state.ts';

const table: readonly (readonly [readonly TaskState[], boolean, UnitState])[] = [
  [[], true, 'available'],
  [[], false, 'off_duty'],
  [['offered'], true, 'available'],
  [['offered'], false, 'off_duty'],
  [['accepted'], true, 'busy'],
  [['en_route'], true, 'busy'],
  [['on_scene'], true, 'busy'],
  // Somebody who works on after the shift is not gone.
  [['on_scene'], false, 'busy'],
  [['done', 'declined', 'recalled'], true, 'available'],
  [['done', 'offered', 'accepted'], true, 'busy'],
];
test.each(table)('tasks %j, on duty %s: %s', (tasks, isOnDuty, expected) => {
  expect(unitState(tasks, isOnDuty)).toBe(expected);
});

it('one task says what each state of it does', () => {
  const busy = taskStates.filter((state) => unitState([state], true) === 'busy');
  expect(busy).toEqual(['accepted', 'en_route', 'on_scene']);
});

it('a unit is on duty with one of its members, and a manned post always', () => {
  const members = ['ana', 'bo'];
  expect(unitIsOnDuty({ duty: 'rotas', members }, new Set(['bo']))).toBe(true);
  expect(unitIsOnDuty({ duty: 'rotas', members }, new Set(['cy']))).toBe(false);
  expect(unitIsOnDuty({ duty: 'always', members: [] }, new Set())).toBe(true);
});
