import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import { afterEach, expect, test } from 'vitest';
import type { Finding } from '../health/loss-finding.ts';
import { SystemEvents } from '../health/system-events.ts';
import { gatewayPlace } from '../places/event-place.ts';
import { defaultPolicy } from '../policy.ts';
import { findAlert, transitionsOf } from '../store/alert-store.ts';
import { DueRun } from './due-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';

const { afterMs } = defaultPolicy.reopens;

/** What every store does with an alert that was resolved while its cause lasts. */
export function reopenContract(run: StoreRun): void {
  const system = () => new SystemEvents({ site: run.site, newId: randomUUID, nowMs: Date.now });
  const gatewayLost = () => {
    const place = gatewayPlace(run.directory, 'edge2');
    const data = { since: new Date().toISOString(), reason: 'silent', devices: 1 } as const;
    return { type: 'watchpost.gateway.lost.v1', place, data } satisfies Finding;
  };
  const gas = (type: 'alarm' | 'cleared', time = new Date().toISOString()) =>
    run.incoming({ type: `watchpost.sensor.${type}.v1`, data: { kind: 'gas' }, epoch: newEpoch(), time });
  const resolve = async (alert: Alert | undefined) => {
    const id = alert?.id as Alert['id'];
    await run.step(id, { to: 'acknowledged' });
    return (await run.step(id, { to: 'resolved', disposition: 'nuisance' })).detail.alert;
  };
  let due: DueRun | undefined;
  const begin = (unknown: readonly string[] = []) => {
    due = new DueRun(run, unknown);
    return due;
  };
  afterEach(() => due?.end());
  /** What waits for an alert, by kind. */
  const waiting = async (id: string) =>
    (await run.store.db.selectFrom('due').select('kind').where('key', '=', id).execute()).map(
      ({ kind }) => kind,
    );

  test('a loss that was resolved while it lasts is open again a while later, not taken by anybody, and says why', async () => {
    const time = begin();
    const { alerts } = await run.commit([system().make(gatewayLost())]);
    const resolved = await resolve(alerts[0]);
    time.told.length = 0;
    await time.pass(afterMs - 2_000);
    expect(time.toldOf(resolved.id)).toEqual([]);
    await time.pass(4_000);
    const open = {
      ...{ id: resolved.id, state: 'open', condition: 'active' },
      ...{ acknowledgedBy: null, disposition: null },
    };
    expect(time.toldOf(resolved.id)).toMatchObject([open]);
    expect((await transitionsOf(run.store.db, run.site, resolved.id)).at(-1)).toMatchObject({
      ...{ actor: 'system', to: 'open', reason: 'the cause is still present' },
    });
    await time.pass(24 * 3_600_000);
    expect(time.toldOf(resolved.id)).toHaveLength(1);
    const place = gatewayPlace(run.directory, 'edge2');
    const restored = { of: 'watchpost.gateway.lost.v1', durationMs: 1 } as const;
    await run.commit([system().make({ type: 'watchpost.system.restored.v1', place, data: restored })]);
    expect(await findAlert(run.store.db, run.site, resolved.id)).toMatchObject({ condition: 'cleared' });
    await resolve(time.toldOf(resolved.id)[0]);
    expect(await waiting(resolved.id)).toEqual([]);
  });

  test('one that ended after it was resolved stays so, and its cause counts as over', async () => {
    const time = begin();
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    await run.commit([gas('cleared')]);
    time.told.length = 0;
    await time.pass(afterMs + 2_000);
    expect(time.toldOf(resolved.id)).toMatchObject([{ state: 'resolved', condition: 'cleared' }]);
    expect(await waiting(resolved.id)).toEqual([]);
  });

  test('an alarm that goes on after its alert was closed is open again, also over a restart', async () => {
    begin();
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    await run.step(resolved.id, { to: 'closed' });
    due?.end();
    expect(await waiting(resolved.id)).toEqual(['alert.reopen']);
    const time = begin();
    await time.pass(afterMs + 2_000);
    expect(time.toldOf(resolved.id)).toMatchObject([{ state: 'open' }]);
    await run.commit([gas('cleared')]);
    await resolve(time.toldOf(resolved.id)[0]);
  });

  test('one about a device that the site does not have any more stays as it is', async () => {
    const time = begin(['smoke1']);
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    time.told.length = 0;
    await time.pass(afterMs + 2_000);
    expect([time.toldOf(resolved.id), await waiting(resolved.id)]).toEqual([[], []]);
  });

  test('one that was told again by an alert of its own stays resolved', async () => {
    const time = begin();
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    const again = await run.commit([gas('alarm')]);
    expect(again.alerts[0]?.id).not.toBe(resolved.id);
    time.told.length = 0;
    await time.pass(afterMs + 2_000);
    expect(time.toldOf(resolved.id)).toEqual([]);
    await run.commit([gas('cleared')]);
    await resolve(again.alerts[0]);
  });
}
