import { randomUUID } from 'node:crypto';
import type { PassUse } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import { countUse } from '../passes/count-use.ts';
import type { StoreRun } from './store-run.ts';

/** What every store does when gateways ask about one pass at the same time. */
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
}
