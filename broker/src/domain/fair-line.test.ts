import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FairLine } from './fair-line.ts';

it('serves one newcomer after one of those who came in thousands', () => {
  const line = new FairLine<string>();
  for (let i = 0; i < 5000; i++) line.add('crowd', `crowd${i}`);
  line.add('alone', 'alone');
  expect([line.next(), line.next(), line.next()]).toEqual(['crowd4999', 'alone', 'crowd4998']);
  expect(line.length).toBe(4998);
});

it('loses nobody, serves the newest of each key, and lets no key wait for more than one of every other', () => {
  const step = fc.option(fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
      const line = new FairLine<[string, number]>();
      const waiting = new Map<string, number[]>();
      const passedOver = new Map<string, number>();
      let [number, length] = [0, 0];
      for (const key of steps) {
        if (key !== null) {
          line.add(key, [key, number]);
          waiting.set(key, [...(waiting.get(key) ?? []), number++]);
          length++;
        } else {
          const served = line.next();
          expect(served === undefined).toBe(length === 0);
          if (!served) continue;
          length--;
          expect(waiting.get(served[0])?.pop()).toBe(served[1]);
          for (const [other, theirs] of waiting) {
            const before = other === served[0] || theirs.length === 0 ? 0 : (passedOver.get(other) ?? 0) + 1;
            expect(before).toBeLessThan(4);
            passedOver.set(other, before);
          }
        }
        expect(line.length).toBe(length);
      }
    }),
  );
});

it('is empty after it was cleared', () => {
  const line = new FairLine<number>();
  line.add('a', 1);
  line.clear();
  expect([line.length, line.next()]).toEqual([0, undefined]);
});
