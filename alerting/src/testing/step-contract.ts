import type { Alert } from '@watchpost/contracts/alert';
import { expect, test } from 'vitest';
import { kindOf } from '../alerts/alert-subject.ts';
import { noDispositions } from '../risk/device-trust.ts';
import { defaultRuleSet, type RuleSet } from '../risk/rule-set.ts';
import { findAlert, transitionsOf } from '../store/alert-store.ts';
import { dispositionCounts, dispositionKey } from '../store/disposition-store.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate, doorAlarm, forgedPass } from './test-events.ts';

/** What officers' steps do to every store. */
export function stepContract(run: StoreRun): void {
  const open = async (sketch: Parameters<typeof run.incoming>[0]): Promise<Alert> => {
    const { alerts } = await run.commit([run.incoming({ ...sketch, epoch: newEpoch() })]);
    if (!alerts[0]) throw new Error('no alert');
    return alerts[0];
  };
  const rejection = (reason: 'used_up' | 'replayed' | 'revoked') =>
    forgedPass({ device: 'reader1', data: { reason, fingerprint: '0123456789abcdef' } });
  const countsOf = async ({ device, eventType, details }: Alert) => {
    const counts = await dispositionCounts(run.store.db, run.site, [device]);
    return counts.get(dispositionKey({ device, kind: kindOf(eventType, details) }));
  };

  test('what was not seen is not acknowledged, and nothing is written', async () => {
    const alert = await open(rejection('used_up'));
    await run.step(alert.id, { to: 'acknowledged' }, 'anna');
    const stale = run.step(alert.id, { to: 'resolved', version: 1 }, 'ben');
    await expect(stale).rejects.toMatchObject({ code: 'alert.stale', details: { changed: 'state' } });
    expect(await findAlert(run.store.db, run.site, alert.id)).toMatchObject({
      version: 2,
      state: 'acknowledged',
    });
    expect(await transitionsOf(run.store.db, run.site, alert.id)).toHaveLength(2);
  });

  test('what the same person did already is not done again; another person is told', async () => {
    const alert = await open(rejection('replayed'));
    expect((await run.step(alert.id, { to: 'acknowledged' }, 'anna')).changed).toBe(true);
    const again = await run.step(alert.id, { to: 'acknowledged', version: 1 }, 'anna');
    expect(again).toMatchObject({ changed: false, detail: { alert: { version: 2 } } });
    await expect(run.step(alert.id, { to: 'acknowledged', version: 1 }, 'ben')).rejects.toMatchObject({
      code: 'alert.stale',
    });
  });

  test('a wrong disposition is corrected with a record, and stops teaching; so does a reopened alert', async () => {
    const alert = await open(candidate('watch'));
    await run.step(alert.id, { to: 'acknowledged' });
    await run.step(alert.id, { to: 'resolved', disposition: 'false' });
    expect(await countsOf(alert)).toEqual({ genuine: 0, mistaken: 1 });
    await run.step(alert.id, { to: 'closed' });
    await run.step(alert.id, { disposition: 'genuine', reason: 'seen on the recording' }, 'chief');
    expect(await countsOf(alert)).toEqual({ genuine: 1, mistaken: 0 });
    expect((await transitionsOf(run.store.db, run.site, alert.id)).at(-1)).toMatchObject({
      from: 'closed',
      to: 'closed',
      actor: 'chief',
      disposition: 'genuine',
      reason: 'seen on the recording',
    });
    const reopened = await run.step(alert.id, { to: 'open' });
    expect(reopened.detail.alert).toMatchObject({ state: 'open', disposition: null });
    expect((await countsOf(alert)) ?? noDispositions).toEqual(noDispositions);
    await run.step(alert.id, { to: 'acknowledged' });
    await run.step(alert.id, { to: 'resolved', disposition: 'test' });
  });

  test('an alert is not opened again beside a newer one about the same thing', async () => {
    const sketch = { ...doorAlarm(), data: { kind: 'temperature' as const } };
    const first = await open(sketch);
    for (const to of ['acknowledged', 'resolved'] as const)
      await run.step(first.id, { to, disposition: 'test' });
    const second = await open(sketch);
    await expect(run.step(first.id, { to: 'open' })).rejects.toMatchObject({
      code: 'alert.superseded',
      details: { alert: second.id },
    });
  });

  test('a false answer about one kind of event says nothing about another kind of the same device', async () => {
    const before = await open(forgedPass());
    for (const to of ['acknowledged', 'resolved'] as const)
      await run.step(before.id, { to, disposition: 'test' });
    for (let turn = 0; turn < 5; turn++) {
      const face = await open(candidate('watch'));
      for (const to of ['acknowledged', 'resolved'] as const)
        await run.step(face.id, { to, disposition: 'false' });
    }
    const after = await open(forgedPass());
    expect(after.risk.score).toBe(before.risk.score);
    expect((await open(candidate('watch'))).risk.factors).toContainEqual(
      expect.objectContaining({ name: 'device_trust', because: expect.objectContaining({ mistaken: 5 }) }),
    );
  });

  test('a rule that alerts when armed does so even where being armed adds no points', async () => {
    const rules: RuleSet = {
      ...defaultRuleSet,
      ruleFor: (event) => ({ ...defaultRuleSet.ruleFor(event), alert: 'when_armed', armed: 0 }),
    };
    const sketch = { ...doorAlarm(), data: { kind: 'motion' as const } };
    const at = async (armed: boolean) => {
      const incoming = run.incoming({ ...sketch, epoch: newEpoch() });
      const window = armed ? [{ from: '00:00', to: '24:00' }] : [];
      const site = { ...run.directory.site };
      site.zones = site.zones.map((zone) => ({ ...zone, armed: window }));
      return run.commit([incoming], rules, site);
    };
    expect((await at(false)).alerts).toEqual([]);
    expect((await at(true)).alerts).toHaveLength(1);
  });

  test('a tamper clearing ends its own kind of interference, even when it overtakes it', async () => {
    const epoch = newEpoch();
    const startMs = Date.now() - 60_000;
    const at = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
    const common = { device: 'cam1', epoch } as const;
    const { alerts } = await run.commit([
      run.incoming({ type: 'watchpost.tamper.cover.v1', data: {}, ...common, seq: 1, time: at(1) }),
      run.incoming({
        type: 'watchpost.tamper.video_loss.v1',
        data: { reason: 'frozen' },
        ...common,
        seq: 2,
        time: at(2),
      }),
    ]);
    expect(alerts.map(({ condition }) => condition)).toEqual(['active', 'active']);
    const cleared = {
      type: 'watchpost.tamper.cleared.v1',
      data: { kind: 'cover', durationMs: 8000 },
    } as const;
    const after = await run.commit([run.incoming({ ...cleared, ...common, seq: 3, time: at(9) })]);
    expect(after.alerts).toMatchObject([{ eventType: 'watchpost.tamper.cover.v1', condition: 'cleared' }]);
    const overtaken = await run.commit([
      run.incoming({ type: 'watchpost.tamper.cover.v1', data: {}, ...common, seq: 4, time: at(5) }),
    ]);
    expect(overtaken.alerts).toMatchObject([{ condition: 'cleared', eventCount: 2 }]);
  });
}
