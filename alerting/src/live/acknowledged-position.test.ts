import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AcknowledgedPosition } from './acknowledged-position.ts';

test('the position is that of the last one before which nothing waits, in whatever order answers come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 60 }),
      (steps, picks) => {
        const window = new AcknowledgedPosition(0);
        let last = 0;
        const positions = steps.map((step) => (last += step));
        const acknowledge = positions.map((position) => window.sent(position));
        const done = new Set<number>();
        for (const pick of picks) {
          const index = pick % positions.length;
          acknowledge[index]?.();
          done.add(index);
          const open = positions.findIndex((_position, at) => !done.has(at));
          expect(window.position).toBe((open < 0 ? positions.at(-1) : positions[open - 1]) ?? 0);
          expect(window.waiting).toBe(positions.length - done.size);
        }
      },
    ),
  );
});

test('what is sent later counts only when everything before it is acknowledged', () => {
  const window = new AcknowledgedPosition(3);
  const first = window.sent(5);
  const second = window.sent(8);
  second();
  expect([window.position, window.waiting]).toEqual([3, 1]);
  first();
  expect([window.position, window.waiting]).toEqual([8, 0]);
});
