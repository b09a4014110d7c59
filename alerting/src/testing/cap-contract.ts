import type { Alert } from '@watchpost/contracts/alert';
import { expect, test } from 'vitest';
import { defaultPolicy } from '../policy.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { forgedPass } from './test-events.ts';

/** What every store does with a device that makes alerts without end. */
export function capContract(run: StoreRun): void {
  test('a device opens as many alerts as the policy allows, the rest is counted on the last; danger to life is not', async () => {
    const epoch = newEpoch();
    const cap = defaultPolicy.openAlertsPerDevice;
    const invented = (seq: number) =>
      run.incoming({
        type: 'watchpost.line.crossed.v1',
        data: { line: `invented-${seq}`, direction: 'in' },
        device: 'cam1',
        epoch,
        seq,
      });
    const rules = run.alwaysAlerting;
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => invented(from + at));
    const first = await run.commit(batch(1, cap + 30), rules);
    const opened = first.alerts.filter(({ eventCount, device }) => device === 'cam1' && eventCount === 1);
    expect(opened.length).toBeLessThanOrEqual(cap);
    const again = await run.commit(batch(1_000, 500), rules);
    const [last, ...others] = again.alerts as [Alert, ...Alert[]];
    expect(others).toEqual([]);
    const counted = new Map(
      [...first.alerts, ...again.alerts].map(({ id, details }) => [id, details.capped]),
    );
    const surplus = [...counted.values()].reduce<number>((sum, capped) => sum + Number(capped ?? 0), 0);
    expect(surplus).toBe(cap + 30 - opened.length + 500);
    // Whatever else it says joins what is open; only a danger to life opens more.
    const pass = await run.commit([
      run.incoming(
        forgedPass({ epoch, seq: 5_000, data: { reason: 'revoked', fingerprint: '0123456789abcdef' } }),
      ),
    ]);
    expect(pass.alerts.map(({ id }) => id)).toEqual([last.id]);
    const panic = {
      type: 'watchpost.panic.pressed.v1',
      data: { silent: true },
      device: 'cam1',
      epoch,
    } as const;
    const life = await run.commit([run.incoming({ ...panic, seq: 5_001 })]);
    expect(life.alerts).toMatchObject([{ eventType: 'watchpost.panic.pressed.v1', state: 'open' }]);
    for (const { id } of [...opened, ...life.alerts]) {
      await run.step(id, { to: 'acknowledged' });
      await run.step(id, { to: 'resolved', disposition: 'test' });
    }
  });
}
