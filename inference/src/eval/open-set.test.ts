import { expect, it } from 'vitest';
import { openSet } from './open-set.ts';

const models = {
  threshold: 0.4,
  thresholds: [{ cosine: 0.4, falseMatchRate: 0.01, truePositiveRate: 0.9 }],
  dimension: 4,
};
const axis = (i: number) => Float32Array.from({ length: 4 }, (_, k) => (k === i ? 1 : 0));
const probe = (person: string, i: number) => ({ person, embedding: axis(i) });
const valuesOf = (probes: Parameters<typeof openSet>[0]) =>
  Object.fromEntries(openSet(probes, models).map(({ figure, value }) => [figure, value]));

it('enrols every second person with one picture; the others are strangers', () => {
  // a and c are enrolled, b and d are strangers; one stranger looks like c
  const people = [probe('a', 0), probe('a', 0), probe('a', 1), probe('b', 3), probe('c', 2), probe('d', 2)];
  expect(valuesOf(people)).toEqual({
    lfw_open_set_gallery: 2,
    lfw_open_set_false_candidates: 50,
    lfw_open_set_expected: expect.closeTo(100 * (1 - 0.99 ** 2), 6),
    lfw_open_set_found: 50,
  });
});
