import { filterMatches, isTopicFilter } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubscriptionTree } from './subscription-tree.ts';

const name = fc.constantFrom('a', 'b', '', '$x');
const topic = fc.array(name, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(name, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, rest]) => [...levels, ...(rest ? ['#'] : [])].join('/'))
  .filter((text) => text.length > 0);

test('finds exactly the filters that match', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(filter, { maxLength: 12 }),
      fc.array(filter),
      topic,
      (filters, removed, name) => {
        const tree = new SubscriptionTree<number>();
        for (const each of filters) tree.set(each, each, 1);
        for (const each of removed) tree.delete(each, each);
        const left = filters.filter((each) => !removed.includes(each));
        const found = tree.match(name).map(([key]) => key);
        expect(found.sort()).toEqual(left.filter((each) => filterMatches(each, name)).sort());
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['sport/tennis/#', 'sport/tennis', true],
  ['sport/#', 'sport', true],
  ['#', 'sport/tennis', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['$SYS/+', '$SYS/x', true],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['+', '/finance', false],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/', true],
  ['A', 'a', false],
])('%s and %s: %s', (each, name, matches) => {
  expect(filterMatches(each, name)).toBe(matches);
});

test.each(['sport/tennis#', 'sport/#/ranking', 'sport+', '+a/b', 'a/+b', '##', ''])(
  '%s is no filter',
  (each) => {
    expect(isTopicFilter(each)).toBe(false);
  },
);
test.each(['#', '+', 'a/#', '+/a/+', '/', 'a//b', ' '])('%s is a filter', (each) => {
  expect(isTopicFilter(each)).toBe(true);
});
