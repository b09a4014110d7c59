import { expect, it } from 'vitest';
import { insideOf, keyStep, onGround, rectangleOf, withCorner } from './drawn-points.ts';

const ground = { width: 40, height: 30, grain: 0.1 };

it('a point is kept on the ground and on its grain', () => {
  expect(onGround(ground, [3.1234, 31])).toEqual([3.1, 30]);
  expect(onGround(ground, [-2, 0.06])).toEqual([0, 0.1]);
});

it('a drag in any direction draws the same rectangle', () => {
  const drawn = rectangleOf([4, 5], [1, 2]);
  expect(drawn).toEqual(rectangleOf([1, 2], [4, 5]));
  expect(drawn).toEqual(rectangleOf([1, 5], [4, 2]));
});

it('one more corner comes between the two that it is nearest to', () => {
  const square = rectangleOf([0, 0], [10, 10]);
  expect(withCorner(square, [11, 5])).toEqual([
    [0, 0],
    [10, 0],
    [11, 5],
    [10, 10],
    [0, 10],
  ]);
  expect(withCorner(square, [-1, 5]).at(-1)).toEqual([-1, 5]);
});

it('left and right are meant looking along the line, with y downwards', () => {
  // Rightwards: left is above.
  expect(insideOf([0, 5], [10, 5], 'left', 2)).toEqual([5, 3]);
  expect(insideOf([0, 5], [10, 5], 'right', 2)).toEqual([5, 7]);
  // Downwards: left is on the right of the picture.
  expect(insideOf([5, 0], [5, 10], 'left', 2)).toEqual([7, 5]);
});

it('arrow keys move by a grain, with Shift by ten', () => {
  expect(keyStep('ArrowLeft', false, 0.1)).toEqual([-0.1, 0]);
  expect(keyStep('ArrowDown', true, 0.5)).toEqual([0, 5]);
  expect(keyStep('Enter', false, 0.1)).toBeNull();
});
