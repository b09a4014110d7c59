import { filterMatches } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RetainedMessages } from './retained-messages.ts';

const name = fc.constantFrom('a', 'b', '$x', '');
const levels = (one: fc.Arbitrary<string>) =>
  fc.array(one, { minLength: 1, maxLength: 4 }).map((each) => each.join('/'));
const topics = levels(name).filter((topic) => topic.length > 0);
const filters = fc
  .tuple(levels(fc.oneof(name, fc.constant('+'))), fc.constantFrom('', '/#'))
  .map(([filter, rest]) => filter + rest);

test('finds what each filter matches, and nothing that was taken away', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(topics, fc.integer({ min: 0, max: 3 })), { maxLength: 30 }),
      fc.oneof(filters, fc.constant('#')),
      (stored, filter) => {
        const retained = new RetainedMessages<{ topic: string; turn: number }>(100, 10_000);
        const kept = new Map<string, number>();
        for (const [turn, [topic, bytes]] of stored.entries()) {
          retained.store({ topic, turn }, bytes);
          if (bytes > 0) kept.set(topic, turn);
          else kept.delete(topic);
        }
        const found = [...retained.matching([filter])].map(({ topic, turn }) => `${topic} ${turn}`);
        const expected = [...kept].filter(([topic]) => filterMatches(filter, topic));
        expect(found.toSorted()).toEqual(expected.map(([topic, turn]) => `${topic} ${turn}`).toSorted());
        expect(retained.messages).toBe(kept.size);
      },
    ),
    { numRuns: 300 },
  );
});

test('over a limit the message is not kept, and the former one of its topic is gone', () => {
  const retained = new RetainedMessages<{ topic: string }>(2, 10);
  expect(retained.store({ topic: 'a' }, 5)).toBeUndefined();
  expect(retained.store({ topic: 'a' }, 10)).toBe('retained_bytes');
  expect([retained.messages, retained.bytes]).toEqual([0, 0]);
  retained.store({ topic: 'a' }, 1);
  retained.store({ topic: 'b' }, 1);
  expect(retained.store({ topic: 'c' }, 1)).toBe('retained_messages');
  expect([...retained.matching(['#'])].map(({ topic }) => topic)).toEqual(['a', 'b']);
});
