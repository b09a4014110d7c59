import { randomUUID } from 'node:crypto';
import type { WatchpostEvent } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { newestWatermarks } from '../store/watermark-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { forgedPass, smokeAlarm } from './test-events.ts';

/** A shuffled copy; `next` gives numbers in 0…1. */
function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => [next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** A small reproducible generator (Park–Miller). */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** What every store does with deliveries: each event once, all of it or nothing. */
export function deliveryContract(run: StoreRun): void {
  test('deliveries in any order, cut anyhow and repeated, store each event once and end at the full watermark', async () => {
    for (const seed of [1, 2, 3]) {
      const next = lehmer(seed * 7919);
      const epoch = newEpoch();
      const all = Array.from({ length: 30 }, (_, index) =>
        run.incoming(forgedPass({ epoch, seq: index + 1, device: 'cam1' })),
      );
      // A repeat may even carry another time: the position decides, not the time.
      const again = all.map((item) => ({
        ...item,
        event: { ...item.event, time: new Date(Date.now() - 1000).toISOString() } as WatchpostEvent,
      }));
      const deliveries = shuffled([...all, ...again], next);
      let seen = new Set<number>();
      while (deliveries.length > 0) {
        const batch = deliveries.splice(0, 1 + Math.floor(next() * 9));
        const { receipts } = await run.commit(batch);
        seen = new Set([...seen, ...batch.map(({ event }) => event.seq)]);
        let contiguous = 0;
        while (seen.has(contiguous + 1)) contiguous++;
        expect(receipts).toEqual([{ gateway: 'edge1', epoch, seq: contiguous }]);
      }
      expect(await run.storedSeqs(epoch)).toEqual(all.map(({ event }) => event.seq));
      const waiting = await run.store.db
        .selectFrom('gateway_above')
        .selectAll()
        .where('epoch', '=', epoch)
        .execute();
      expect(waiting).toEqual([]);
    }
  });

  test('a commit that fails half-way leaves nothing: no event, no alert, no watermark', async () => {
    const epoch = newEpoch();
    const broken = { ...defaultRuleSet, version: 'has a zero byte \0' };
    await expect(run.commit([run.incoming(smokeAlarm({ epoch, seq: 1 }))], broken)).rejects.toThrow();
    expect(await run.storedSeqs(epoch)).toEqual([]);
    const { receipts, fresh } = await run.commit([run.incoming(smokeAlarm({ epoch, seq: 1 }))]);
    expect(receipts[0]?.seq).toBe(1);
    expect(fresh.events).toHaveLength(1);
  });

  test('two commits of the same events at the same time store them once', async () => {
    const epoch = newEpoch();
    const events = [1, 2, 3].map((seq) => run.incoming(forgedPass({ epoch, seq })));
    const results = await Promise.all([run.commit(events), run.commit(events)]);
    expect(results.map(({ fresh }) => fresh.events.length).sort()).toEqual([0, 3]);
    expect(await run.storedSeqs(epoch)).toEqual([1, 2, 3]);
    const watermarks = await newestWatermarks(run.store.db, run.site);
    expect(watermarks.filter(({ gateway }) => gateway === 'edge1')).toMatchObject([{ epoch, seq: 3 }]);
  });

  test('events that come again under a new epoch, because their outbox was numbered anew, count once', async () => {
    const old = newEpoch();
    const events = [1, 2, 3].map((seq) => run.incoming(smokeAlarm({ epoch: old, seq })));
    const [first, second, third] = events;
    if (!first || !second || !third) throw new Error('three events');
    await run.commit([first, second]);
    const epoch = newEpoch();
    const again = [first, second, third].map((item) => ({
      ...item,
      event: { ...item.event, epoch: epoch as typeof item.event.epoch },
    }));
    const { receipts, fresh, heatChanged } = await run.commit(again.slice(0, 2));
    expect(receipts).toMatchObject([{ epoch, seq: 2 }]);
    expect([fresh.events.length, fresh.repeats, heatChanged]).toEqual([0, 2, false]);
    const more = await run.commit(again.slice(2));
    expect(more.receipts).toMatchObject([{ epoch, seq: 3 }]);
    expect(await run.storedSeqs(old)).toEqual([1, 2]);
    expect(await run.storedSeqs(epoch)).toEqual([3]);
  });

  test('a repeat is the same event, however its id is spelt', async () => {
    const id = randomUUID();
    const epoch = newEpoch();
    await run.commit([run.incoming(forgedPass({ epoch, id: id.toUpperCase() }))]);
    const { fresh } = await run.commit([run.incoming(forgedPass({ epoch, id: id.toUpperCase() }))]);
    expect(fresh).toEqual({ events: [], rejects: [], canaries: [], repeats: 1 });
  });

  test('another event at a handled position is kept as a reject of a duplicate identity', async () => {
    const epoch = newEpoch();
    await run.commit([run.incoming(forgedPass({ epoch, seq: 1 }))]);
    const { fresh, receipts } = await run.commit([run.incoming(forgedPass({ epoch, seq: 1 }))]);
    expect(fresh.rejects).toMatchObject([{ code: 'wire.duplicate_identity', device: 'cam1' }]);
    expect(receipts[0]?.seq).toBe(1);
  });
}
