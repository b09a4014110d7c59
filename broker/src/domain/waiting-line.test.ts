import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WaitingLine } from './waiting-line.ts';

it('serves as an array with shift would', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer()), { maxLength: 2000 }), (steps) => {
      const line = new WaitingLine<number>();
      const plain: number[] = [];
      for (const step of steps) {
        if (step === null) expect(line.next()).toBe(plain.shift());
        else {
          line.add(step);
          plain.push(step);
        }
        expect(line.length).toBe(plain.length);
      }
    }),
  );
});

it('is empty after it was cleared', () => {
  const line = new WaitingLine<number>();
  for (let i = 0; i < 1000; i++) line.add(i);
  for (let i = 0; i < 700; i++) expect(line.next()).toBe(i);
  line.clear();
  expect(line.length).toBe(0);
  expect(line.next()).toBeUndefined();
});
