import { randomUUID } from 'node:crypto';
import type { Alert } from '@watchpost/contracts/alert';
import { expect, test } from 'vitest';
import { ReopenTimer } from '../alerts/reopen-timer.ts';
import type { Finding } from '../health/loss-finding.ts';
import { SystemEvents } from '../health/system-events.ts';
import { FakeScheduler } from '../jobs/fake-scheduler.ts';
import { gatewayPlace } from '../places/event-place.ts';
import { defaultPolicy } from '../policy.ts';
import { resolvedWhileActive } from '../store/active-alerts.ts';
import { findAlert, transitionsOf } from '../store/alert-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';

const { afterMs, lookBackMs } = defaultPolicy.reopens;

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
  /** A timer at the moment when the alert was resolved, and what it told. */
  const timerAt = ({ updatedAt }: Alert, isKnown = true) => {
    const scheduler = new FakeScheduler(Date.parse(updatedAt));
    const told: Alert[] = [];
    const { changes } = run.store;
    const nowMs = () => scheduler.nowMs;
    const options = { changes, site: run.site, scheduler, policy: defaultPolicy, nowMs };
    const timer = new ReopenTimer({ ...options, isKnown: () => isKnown });
    changes.listen((committed) => {
      for (const { alert } of committed) {
        told.push(alert);
        timer.note(alert);
      }
    });
    return { timer, scheduler, told };
  };

  test('a loss that was resolved while it lasts is open again a while later, not taken by anybody, and says why', async () => {
    const { alerts } = await run.commit([system().make(gatewayLost())]);
    const resolved = await resolve(alerts[0]);
    const { timer, scheduler, told } = timerAt(resolved);
    timer.note(resolved);
    await scheduler.pass(afterMs - 1);
    expect(told).toEqual([]);
    await scheduler.pass(1);
    const open = {
      id: resolved.id,
      state: 'open',
      condition: 'active',
      acknowledgedBy: null,
      disposition: null,
    };
    expect(told).toMatchObject([open]);
    expect((await transitionsOf(run.store.db, run.site, resolved.id)).at(-1)).toMatchObject({
      actor: 'system',
      to: 'open',
      reason: 'the cause is still present',
    });
    await scheduler.pass(24 * 3_600_000);
    expect(told).toHaveLength(1);
    const place = gatewayPlace(run.directory, 'edge2');
    const restored = { of: 'watchpost.gateway.lost.v1', durationMs: 1 } as const;
    await run.commit([system().make({ type: 'watchpost.system.restored.v1', place, data: restored })]);
    expect(await findAlert(run.store.db, run.site, resolved.id)).toMatchObject({ condition: 'cleared' });
    await resolve(told[0]);
  });

  test('one that ended after it was resolved stays so, and its cause counts as over', async () => {
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    await run.commit([gas('cleared')]);
    const { timer, scheduler, told } = timerAt(resolved);
    timer.note(resolved);
    await scheduler.pass(afterMs);
    expect(told).toMatchObject([{ id: resolved.id, state: 'resolved', condition: 'cleared' }]);
    expect(scheduler.size).toBe(0);
  });

  test('an alarm that goes on after its alert was closed is open again, also over a restart', async () => {
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    const { alert: closed } = (await run.step(resolved.id, { to: 'closed' })).detail;
    const since = (ms: number) => new Date(Date.parse(closed.updatedAt) - ms);
    const found = await resolvedWhileActive(run.store.db, run.site, since(lookBackMs));
    expect(found.map(({ id }) => id)).toContain(resolved.id);
    const later = await resolvedWhileActive(run.store.db, run.site, since(-1));
    expect(later.map(({ id }) => id)).not.toContain(resolved.id);
    const removed = timerAt(closed, false);
    for (const alert of found) removed.timer.note(alert);
    await removed.scheduler.pass(afterMs);
    expect(removed.told).toEqual([]);
    const { timer, scheduler, told } = timerAt(closed);
    for (const alert of found) timer.note(alert);
    await scheduler.pass(afterMs);
    expect(told.filter(({ id }) => id === resolved.id)).toMatchObject([{ state: 'open' }]);
  });

  test('one that was told again by an alert of its own stays resolved', async () => {
    const { alerts } = await run.commit([gas('alarm')]);
    const resolved = await resolve(alerts[0]);
    await run.commit([gas('alarm')]);
    const { timer, scheduler, told } = timerAt(resolved);
    timer.note(resolved);
    await scheduler.pass(afterMs);
    expect(told).toEqual([]);
  });
}
