import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consolePolicy } from '../policy.ts';
import { testAlert } from '../test-alerts.ts';
import { attentions } from './alert-order.ts';
import { AlertQueue, emptyQueue, type Queue } from './alert-queue.ts';
import { emptyWindow } from './alert-window.ts';

const { pageSize } = consolePolicy;
const alerts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    testAlert({
      id: `a${from + index}`,
      risk: { score: 90 - (from + index) / 100, factors: [], ruleSet: '1' },
    }),
  );
const waiting = (queue: AlertQueue) => queue.lists.waiting.rows.map(({ id }) => id);
const listed = (count: number, next: string | null): Queue => ({
  waiting: { rows: alerts(count), next },
  in_work: { ...emptyWindow, next: null },
  done: { ...emptyWindow, next: null },
});
function loaded(count: number, next: string | null) {
  const queue = new AlertQueue();
  queue.expect();
  queue.replace(listed(count, next));
  return queue;
}

describe('alert queue', () => {
  it('puts upon freshly loaded lists what was heard while they were on their way, and nothing older', () => {
    const queue = loaded(3, null);
    queue.put(testAlert({ id: 'a0', version: 2, state: 'acknowledged' }));
    queue.expect();
    queue.put(testAlert({ id: 'a1', version: 3, state: 'closed' }));
    queue.replace(listed(3, null));
    expect(waiting(queue)).toEqual(['a0', 'a2']);
    expect(queue.lists.in_work.rows).toEqual([]);
  });

  it('holds each alert in one list only, in its newest version, in whatever order they come', () => {
    const heard = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      version: fc.integer({ min: 1, max: 9 }),
      state: fc.constantFrom('open', 'acknowledged', 'in_progress', 'resolved', 'closed'),
    });
    fc.assert(
      fc.property(fc.array(heard, { maxLength: 30 }), (words) => {
        const queue = loaded(0, null);
        for (const word of words) {
          // As the watch does: it takes nothing that it has already.
          if ((queue.known(word.id)?.version ?? 0) < word.version) queue.put(testAlert(word));
        }
        for (const id of ['a', 'b', 'c']) {
          const said = words.filter((word) => word.id === id);
          const newest = Math.max(0, ...said.map(({ version }) => version));
          expect(queue.known(id)?.version ?? 0).toBe(newest);
          const places = attentions.filter((attention) =>
            queue.lists[attention].rows.some((row) => row.id === id),
          );
          const isClosed = queue.known(id)?.state === 'closed';
          expect(places).toHaveLength(said.length === 0 || isClosed ? 0 : 1);
        }
      }),
    );
  });

  it('holds what was asked for and a page more, whatever comes', () => {
    const queue = loaded(pageSize, 'c1');
    for (const alert of alerts(5 * pageSize, -5 * pageSize)) queue.put(alert);
    expect(queue.lists.waiting).toMatchObject({ next: undefined });
    expect(waiting(queue)).toHaveLength(2 * pageSize);
  });

  it('takes the next page at the end that it was asked for, and at no other', () => {
    const queue = loaded(pageSize, 'c1');
    queue.grow('waiting');
    queue.append('waiting', 'c0', alerts(pageSize, pageSize), null);
    expect(waiting(queue)).toHaveLength(pageSize);
    queue.append('waiting', 'c1', alerts(pageSize, pageSize), 'c2');
    expect([waiting(queue).length, queue.wanted('waiting')]).toEqual([2 * pageSize, 2 * pageSize]);
    expect([queue.lists.waiting.next, waiting(queue).at(-1)]).toEqual(['c2', `a${2 * pageSize - 1}`]);
  });

  it('lets go what was scrolled to, once; and everything when other alerts are to be shown', () => {
    const queue = loaded(pageSize, 'c1');
    expect(queue.shorten()).toBe(false);
    for (let page = 1; page < 4; page += 1) {
      queue.grow('waiting');
      queue.append('waiting', `c${page}`, alerts(pageSize, page * pageSize), `c${page + 1}`);
    }
    expect(waiting(queue)).toHaveLength(4 * pageSize);
    expect([queue.shorten(), queue.shorten()]).toEqual([true, false]);
    expect([waiting(queue).length, queue.lists.waiting.next]).toEqual([2 * pageSize, undefined]);
    queue.clear();
    expect(queue.lists).toBe(emptyQueue);
  });

  it('is the same object while nothing changes: nothing is drawn again', () => {
    const queue = loaded(3, null);
    const { lists } = queue;
    queue.put(testAlert({ id: 'unknown', state: 'closed' }));
    expect(queue.lists).toBe(lists);
  });
});
