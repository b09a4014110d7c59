import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { ChangeListener, ChangePage, LoggedChange } from '../store/change-log.ts';
import { ChangeRelay } from './change-relay.ts';

const site = 'here';
const logger = pino({ level: 'silent' });
const changeAt = (position: number, of = site) =>
  ({ position, alert: { id: `alert-${position}`, site: of } }) as unknown as LoggedChange;
const positionsOf = (changes: readonly LoggedChange[]) => changes.map(({ position }) => position);

/** A log in memory. What is committed can be read at once; when listeners are told is up to the test. */
class FakeLog {
  readonly rows: LoggedChange[] = [];
  readonly #listeners = new Set<ChangeListener>();
  reads = 0;
  isAway = false;

  commit(...positions: number[]): LoggedChange[] {
    const committed = positions.map((position) => changeAt(position));
    this.rows.push(...committed);
    return committed;
  }

  tell(committed: readonly LoggedChange[]): void {
    for (const listener of this.#listeners) listener(committed);
  }

  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async page(of: string | undefined, position: number, limit: number): Promise<ChangePage> {
    this.reads += 1;
    const later = this.rows.filter((row) => row.position > position);
    const changes = later.filter((row) => of === undefined || row.alert.site === of).slice(0, limit);
    await setImmediate();
    if (this.isAway) throw new Error('away');
    const last = changes.length < limit ? later : changes;
    return { changes, reached: Math.max(position, ...positionsOf(last)) };
  }
}

function relayOf(log: FakeLog, options: { everyMs?: number; pageChanges?: number } = {}) {
  const taken: LoggedChange[] = [];
  const take = (changes: readonly LoggedChange[]) => void taken.push(...changes);
  const relay = new ChangeRelay({ changes: log, site, take, logger, everyMs: 60_000, ...options });
  return { relay, taken };
}

/** Lets every read that is under way end. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
};

test('what comes next is taken at once, without a look at the log', async () => {
  const log = new FakeLog();
  const { relay, taken } = relayOf(log);
  relay.start(7);
  await settle();
  const { reads } = log;
  log.tell(log.commit(8, 9));
  expect(positionsOf(taken)).toEqual([8, 9]);
  log.tell(log.commit(10));
  expect(positionsOf(taken)).toEqual([8, 9, 10]);
  expect([log.reads, relay.position]).toEqual([reads, 10]);
  relay.stop();
});

test('what somebody else wrote in between is read, and nothing is taken twice', async () => {
  const log = new FakeLog();
  const { relay, taken } = relayOf(log);
  relay.start(0);
  await settle();
  const first = log.commit(1);
  const second = log.commit(2);
  log.tell(second);
  log.tell(first);
  await settle();
  expect(positionsOf(taken)).toEqual([1, 2]);
  log.rows.push(changeAt(3, 'elsewhere'));
  log.tell([changeAt(3, 'elsewhere')]);
  log.tell(log.commit(4));
  await settle();
  expect(positionsOf(taken)).toEqual([1, 2, 4]);
  relay.stop();
});

test('what another process wrote is found though nobody tells of it, also after the log was away', async () => {
  const log = new FakeLog();
  const { relay, taken } = relayOf(log, { everyMs: 5, pageChanges: 2 });
  log.isAway = true;
  relay.start(0);
  log.commit(1, 2, 5, 6, 9);
  await settle();
  expect(taken).toEqual([]);
  log.isAway = false;
  await expect.poll(() => positionsOf(taken)).toEqual([1, 2, 5, 6, 9]);
  relay.stop();
  log.tell(log.commit(10));
  await settle();
  expect(taken).toHaveLength(5);
});

test('a consumer that is busy gets the next when it is done', async () => {
  const log = new FakeLog();
  const pages: number[][] = [];
  let free: () => void = () => undefined;
  const relay = new ChangeRelay({
    changes: log,
    site,
    logger,
    everyMs: 60_000,
    take: (changes) => {
      pages.push(positionsOf(changes));
      return new Promise((resolve) => {
        free = resolve;
      });
    },
  });
  relay.start(0);
  await settle();
  log.tell(log.commit(1));
  log.tell(log.commit(2));
  log.tell(log.commit(3));
  await settle();
  expect(pages).toEqual([[1]]);
  free();
  await settle();
  expect(pages).toEqual([[1], [2, 3]]);
  relay.stop();
});

test('commits that go on while the log is read are taken from memory: one look does not lead to the next', async () => {
  const log = new FakeLog();
  const { relay, taken } = relayOf(log);
  log.commit(1, 2);
  relay.start(0);
  for (let position = 3; position <= 50; position++) {
    log.tell(log.commit(position));
    await setImmediate();
  }
  await settle();
  expect(positionsOf(taken)).toEqual(positionsOf(log.rows));
  expect(log.reads).toBeLessThanOrEqual(3);
  relay.stop();
});

test('begun anew it tells everything after the place where it begins, whatever was under way', async () => {
  const log = new FakeLog();
  const { relay, taken } = relayOf(log);
  log.commit(1, 2, 3);
  relay.start(0);
  relay.start(1);
  await settle();
  expect(positionsOf(taken)).toEqual([2, 3]);
  relay.stop();
});

test('whenever and in whatever order commits are told of, each change is taken once and in order', async () => {
  const plan = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 2 }),
      rows: fc.integer({ min: 1, max: 3 }),
      toldAfter: fc.integer({ min: 0, max: 3 }),
      turns: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 4 }), async (commits, pageChanges) => {
      const log = new FakeLog();
      const { relay, taken } = relayOf(log, { pageChanges });
      relay.start(0);
      let position = 0;
      const waiting: { readonly at: number; readonly committed: readonly LoggedChange[] }[] = [];
      for (const [index, { gap, rows, toldAfter, turns }] of commits.entries()) {
        position += gap;
        const committed = log.commit(...Array.from({ length: rows }, () => ++position));
        waiting.push({ at: index + toldAfter, committed });
        for (const one of waiting.filter(({ at }) => at === index)) log.tell(one.committed);
        for (let turn = 0; turn < turns; turn++) await setImmediate();
      }
      for (const one of waiting.filter(({ at }) => at >= commits.length)) log.tell(one.committed);
      for (let turn = 0; turn < 100 && taken.length < log.rows.length; turn++) await setImmediate();
      await settle();
      relay.stop();
      expect(positionsOf(taken)).toEqual(positionsOf(log.rows));
    }),
    { numRuns: 60 },
  );
});
