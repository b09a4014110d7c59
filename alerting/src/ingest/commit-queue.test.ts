import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { CommitResult } from './commit-batch.ts';
import { CommitQueue, type CommitQueueOptions } from './commit-queue.ts';
import { emptyBatch, type IngestBatch } from './ingest-batch.ts';

const logger = pino({ level: 'silent' });
const nothing: CommitResult = {
  receipts: [],
  alerts: [],
  fresh: { events: [], rejects: [], canaries: [], repeats: 0 },
  heatChanged: false,
  late: new Map(),
  unsettled: [],
};

/** A batch of one reject that a test can recognise. */
function marked(mark: string): IngestBatch {
  const reject = {
    id: randomUUID(),
    receivedAt: '2026-01-01T00:00:00.000Z',
    topic: mark,
    gateway: null,
    device: null,
    code: 'wire.schema',
    path: null,
    bytes: 0,
    payload: new Uint8Array(),
  };
  return { ...emptyBatch, rejects: [{ reject }] };
}

const marks = (batch: IngestBatch): string[] => batch.rejects.map(({ reject }) => reject.topic);

/** A queue over a commit that the test controls; `done` settles when so many batches were announced. */
function queueOver(
  commit: (batch: IngestBatch) => Promise<CommitResult>,
  announcements: number,
  prepare?: CommitQueueOptions['prepare'],
) {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let left = announcements;
  const queue = new CommitQueue({
    commit,
    ...(prepare ? { prepare } : {}),
    committed: () => {
      left--;
      if (left === 0) resolve();
    },
    toRejects: (batch) => marked(`rejected ${marks(batch).join()}`),
    logger,
    retryMs: { first: 1, largest: 4 },
  });
  return { queue, done };
}

test('what is there is committed at once, what comes meanwhile goes together', async () => {
  const commits: string[][] = [];
  const gate = Promise.withResolvers<void>();
  const { queue, done } = queueOver(async (batch) => {
    commits.push(marks(batch));
    if (commits.length === 1) await gate.promise;
    return nothing;
  }, 2);
  for (const mark of ['a', 'b']) queue.push(marked(mark));
  while (commits.length === 0) await setImmediate();
  for (const mark of ['c', 'd']) queue.push(marked(mark));
  gate.resolve();
  await done;
  expect(commits).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('while the database is away the same work is tried again, in order, and nothing is announced', async () => {
  const tried: string[][] = [];
  const committed: string[][] = [];
  const { queue, done } = queueOver(async (batch) => {
    tried.push(marks(batch));
    if (tried.length < 4) throw new Error('Connection terminated unexpectedly');
    committed.push(marks(batch));
    return nothing;
  }, 2);
  queue.push(marked('a'));
  while (tried.length === 0) await setImmediate();
  queue.push(marked('b'));
  await done;
  expect(tried.slice(0, 4)).toEqual([['a'], ['a'], ['a'], ['a']]);
  expect(committed).toEqual([['a'], ['b']]);
  expect(queue.failures).toBe(0);
});

test('what the database refuses for its content becomes a reject and takes nothing else with it', async () => {
  const committed: string[] = [];
  const { queue, done } = queueOver(async (batch) => {
    if (marks(batch).includes('poison')) throw Object.assign(new Error('bad text'), { code: '22P05' });
    committed.push(...marks(batch));
    return nothing;
  }, 4);
  for (const mark of ['a', 'b', 'poison', 'c']) queue.push(marked(mark));
  await done;
  expect(committed).toEqual(['a', 'b', 'rejected poison', 'c']);
});

test('a full queue holds the sender back until there is room', async () => {
  const gate = Promise.withResolvers<void>();
  const { queue, done } = queueOver(async () => {
    await gate.promise;
    return nothing;
  }, 1);
  const large: IngestBatch = {
    ...emptyBatch,
    rejects: Array.from({ length: 20_000 }, () => marked('x').rejects).flat(),
  };
  queue.push(large);
  let hasRoom = false;
  const waiting = queue.waitForCapacity().then(() => {
    hasRoom = true;
  });
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  gate.resolve();
  await done;
  await waiting;
  expect(queue.depth).toBe(0);
});

test('stopping ends the retries and lets the sender go', async () => {
  const { queue } = queueOver(() => Promise.reject(new Error('away')), 1);
  queue.push(marked('a'));
  await queue.stop();
  await queue.waitForCapacity();
});

test('events do not wait for telemetry, and telemetry is not forgotten', async () => {
  const commits: string[][] = [];
  const gate = Promise.withResolvers<void>();
  const { queue } = queueOver(async (batch) => {
    commits.push(marks(batch));
    if (commits.length === 1) await gate.promise;
    return nothing;
  }, 1);
  for (let count = 0; count < 600; count++) queue.pushTelemetry(marked(`t${count}`));
  await expect.poll(() => commits.length).toBe(1);
  queue.push(marked('alarm'));
  gate.resolve();
  await expect.poll(() => commits.flat().length, { timeout: 20_000 }).toBe(601);
  expect(commits[1]?.[0]).toBe('alarm');
  expect(commits[1]?.length).toBeLessThan(100);
});

test('telemetry that does not fit is given up, and holds nobody back', async () => {
  const gate = Promise.withResolvers<void>();
  const { queue } = queueOver(async () => {
    await gate.promise;
    return nothing;
  }, 1);
  for (let count = 0; count < 10_000; count++) queue.pushTelemetry(marked('t'));
  expect(queue.hasTelemetryCapacity).toBe(false);
  await queue.waitForCapacity();
  expect(queue.depth).toBe(0);
  gate.resolve();
  await queue.stop();
});

/** A batch as {@link marked} makes it, with its mark changed. */
const remarked = (batch: IngestBatch, mark: string): IngestBatch => marked(`${mark}${marks(batch).join()}`);

test('what waits is prepared while the database commits, in order, and knows what came before it', async () => {
  const commits: string[][] = [];
  const pendings: string[][] = [];
  const gate = Promise.withResolvers<void>();
  const { queue, done } = queueOver(
    async (batch) => {
      commits.push(marks(batch));
      if (commits.length === 1) await gate.promise;
      return nothing;
    },
    2,
    async (batches, pending) => {
      pendings.push(pending.flatMap(marks));
      return batches.map((batch) => remarked(batch, 'prepared '));
    },
  );
  queue.push(marked('a'));
  while (commits.length === 0) await setImmediate();
  queue.push(marked('b'));
  while (pendings.length < 1) await setImmediate();
  queue.push(marked('c'));
  while (pendings.length < 2) await setImmediate();
  gate.resolve();
  await done;
  expect(commits).toEqual([['a'], ['prepared b', 'prepared c']]);
  expect(pendings).toEqual([['a'], ['a', 'prepared b']]);
});

test('work that cannot be prepared is committed all the same, and nothing is lost or doubled', async () => {
  const commits: string[][] = [];
  const gate = Promise.withResolvers<void>();
  const { queue, done } = queueOver(
    async (batch) => {
      commits.push(marks(batch));
      if (commits.length === 1) await gate.promise;
      return nothing;
    },
    2,
    () => Promise.reject(new Error('Connection terminated unexpectedly')),
  );
  queue.push(marked('a'));
  while (commits.length === 0) await setImmediate();
  for (const mark of ['b', 'c']) queue.push(marked(mark));
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  gate.resolve();
  await done;
  await queue.stop();
  expect(commits).toEqual([['a'], ['b', 'c']]);
  expect(queue.depth).toBe(0);
});

test('what makes commits fail while the database answers is set aside after some attempts, and the rest goes on', async () => {
  const committed: string[] = [];
  const { queue, done } = queueOver(async (batch) => {
    if (marks(batch).includes('poison')) throw new TypeError('cannot read properties of undefined');
    committed.push(...marks(batch));
    return nothing;
  }, 4);
  for (const mark of ['a', 'b', 'poison', 'c']) queue.push(marked(mark));
  await done;
  expect(committed).toEqual(['a', 'b', 'rejected poison', 'c']);
  expect(queue).toMatchObject({ deadLetters: 1, failures: 0, fault: undefined });
});

test('a full disk is said as such, nothing is set aside, and what waits is stored when there is room', async () => {
  let full = true;
  const committed: string[] = [];
  const { queue } = queueOver(async (batch) => {
    if (full) throw Object.assign(new Error('could not extend file'), { code: '53100' });
    committed.push(...marks(batch));
    return nothing;
  }, 2);
  queue.push(marked('a'));
  queue.push(marked('b'));
  await expect.poll(() => queue.failures).toBeGreaterThan(8);
  expect(queue).toMatchObject({ fault: 'store.disk_full', deadLetters: 0 });
  full = false;
  await expect.poll(() => committed).toEqual(['a', 'b']);
  expect(queue.fault).toBeUndefined();
});
