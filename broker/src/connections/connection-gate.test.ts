import { expect, test } from 'vitest';
import { ConnectionGate, type Place } from './connection-gate.ts';

/** Enters, and notes who had to make way. */
function entering(gate: ConnectionGate) {
  const gone: string[] = [];
  const enter = (name: string, address: string): Place | undefined => {
    const place = gate.enter(() => gone.push(name));
    return place?.enterAddress(address) ? place : void place?.leave();
  };
  return { gone, enter };
}

test('the oldest of an address that has not logged in makes way for a newcomer from there', () => {
  const gate = new ConnectionGate(100, 2);
  const { gone, enter } = entering(gate);
  for (const name of ['1', '2', '3', '4']) expect(enter(name, 'a')).toBeDefined();
  expect(gone).toEqual(['1', '2']);
  expect(gate.open).toBe(2);
});

test('who has logged in stays, and the newcomer is refused when nobody can make way', () => {
  const gate = new ConnectionGate(100, 2);
  const { gone, enter } = entering(gate);
  enter('1', 'a')?.admitted();
  enter('2', 'a')?.admitted();
  expect(enter('3', 'a')).toBeUndefined();
  expect(enter('4', 'b')).toBeDefined();
  expect(gone).toEqual([]);
  expect(gate.open).toBe(3);
});

test('when there is no place at all, the address with most of those who wait gives one', () => {
  const gate = new ConnectionGate(4, 100);
  const { gone, enter } = entering(gate);
  enter('b1', 'b');
  for (const name of ['a1', 'a2', 'a3']) enter(name, 'a');
  enter('c1', 'c');
  expect(gone).toEqual(['a1']);
  expect(gate.open).toBe(4);
});

test('leaving twice gives one place back', () => {
  const gate = new ConnectionGate(2, 2);
  const { enter } = entering(gate);
  const place = enter('1', 'a');
  enter('2', 'a');
  place?.leave();
  place?.leave();
  expect(gate.open).toBe(1);
});
