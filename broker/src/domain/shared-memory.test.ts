import { expect, test } from 'vitest';
import { type Holder, SharedMemory } from './shared-memory.ts';

const holder = (shared: SharedMemory, owner: string, name: string, given: string[]): Holder => {
  const self: Holder = {
    owner,
    giveUp: () => {
      given.push(name);
      shared.holds(self, 0);
    },
  };
  return self;
};

test('who has most, over all of its holders, gives up its largest', () => {
  const shared = new SharedMemory(100);
  const given: string[] = [];
  const crowd = [20, 19, 18].map((bytes) => ({
    bytes,
    one: holder(shared, 'crowd', `crowd${bytes}`, given),
  }));
  for (const { one, bytes } of crowd) shared.holds(one, bytes);
  const single = holder(shared, 'single', 'single', given);
  shared.holds(single, 40);
  expect(given).toEqual([]);
  shared.holds(single, 45);
  expect(given).toEqual(['crowd20']);
  expect(shared.used).toBe(82);
  shared.holds(single, 10);
  expect([given, shared.used]).toEqual([['crowd20'], 47]);
});
