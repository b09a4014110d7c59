import { randomUUID } from 'node:crypto';
import type { PassUse } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countUse } from '../passes/count-use.ts';
import { newestScans, scansOf } from '../store/plate-store.ts';
import type { StoreRun } from './store-run.ts';

/** What every store does when gateways ask about one pass at the same time, and read plates. */
export function passContract(run: StoreRun): void {
  const nowMs = Date.now();
  const useOf = (jti: string, maxUses: number): PassUse => ({
    ...{ id: randomUUID(), iss: run.site, jti, exp: Math.floor(nowMs / 1000) + 3_600, maxUses },
    ...{ gate: 'gate', at: new Date(nowMs).toISOString(), taken: false },
  });
  const count = (gateway: string, use: PassUse) =>
    countUse(run.store.db, { site: run.site, gateway }, use, nowMs);

  test.each([1, 3])(
    'twelve gateways that ask at once get the uses of a pass for %d no more',
    async (maxUses) => {
      const jti = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) => count(`edge${n}`, useOf(jti, maxUses))),
      );
      expect(answers.filter(({ outcome }) => outcome === 'counted')).toHaveLength(maxUses);
      expect(answers.filter(({ outcome }) => outcome === 'refused')).toHaveLength(12 - maxUses);
    },
  );

  test('one use that is asked about many times at once is counted once', async () => {
    const use = useOf(randomUUID(), 5);
    const answers = await Promise.all(Array.from({ length: 8 }, () => count('edge1', use)));
    expect(answers).toEqual(
      Array.from({ length: 8 }, () => ({ outcome: 'counted', uses: 1, left: 4, over: false })),
    );
  });

  test('scans of a plate are found among the events, in the zones that are asked for', async () => {
    const { db } = run.store;
    const [plate, other] = [randomUUID(), randomUUID()];
    for (const [address, zone, seq] of [
      [plate, 'gate', 1],
      [plate, 'stores', 2],
      [other, 'gate', 3],
    ] as const)
      await sql`insert into event (time, received_at, id, site, gateway, epoch, seq, device, zone, type,
        concern, data, risk, risk_factors, rule_set, late) values (now(), now(), ${randomUUID()}, ${run.site},
        'edge1', ${'f'.repeat(32)}, ${seq}, 'cam1', ${zone}, 'watchpost.address.scanned.v1', 'none',
        ${JSON.stringify({ address, kid: 'k' })}, 0, '[]', 'r', false)`.execute(db);
    const counts = async (zones: readonly string[] | null) => {
      const found = await scansOf(db, { site: run.site, zones }, [plate, other]);
      return [plate, other].map((id) => found.get(id)?.count);
    };
    expect(await counts(null)).toEqual([2, 1]);
    expect(await counts(['stores'])).toEqual([1, undefined]);
    const newest = await newestScans(db, { site: run.site, zones: ['gate'] }, plate, 10);
    expect(newest.map(({ device, zone }) => [device, zone])).toEqual([['cam1', 'gate']]);
  });
}
