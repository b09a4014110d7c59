import { severities } from '@watchpost/contracts';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { countWaiting, groupAlerts, severityRank } from './alert-order.ts';

describe('alert order', () => {
  it('ranks severities as the contracts list them', () => {
    expect([...severities].sort((left, right) => severityRank[left] - severityRank[right])).toEqual(
      severities,
    );
  });

  it('puts the worst first, then the newest, and what is over by when it ended', () => {
    const groups = groupAlerts([
      testAlert({ id: '1', severity: 'low', openedAt: '2026-11-01T09:00:00.000Z' }),
      testAlert({ id: '2', severity: 'critical', openedAt: '2026-11-01T07:00:00.000Z' }),
      testAlert({ id: '3', severity: 'critical', openedAt: '2026-11-01T08:00:00.000Z' }),
      testAlert({ id: '4', severity: 'critical', state: 'in_progress' }),
      testAlert({ id: '5', severity: 'critical', state: 'closed', updatedAt: '2026-11-01T01:00:00.000Z' }),
      testAlert({ id: '6', severity: 'low', state: 'resolved', updatedAt: '2026-11-01T02:00:00.000Z' }),
    ]);
    expect(groups.waiting.map((alert) => alert.id)).toEqual(['3', '2', '1']);
    expect(groups.in_work.map((alert) => alert.id)).toEqual(['4']);
    expect(groups.done.map((alert) => alert.id)).toEqual(['6', '5']);
  });

  it('does not move an alert because a further event joined it', () => {
    const first = testAlert({ id: '1', lastEventAt: '2026-11-02T00:00:00.000Z' });
    const second = testAlert({ id: '2', openedAt: '2026-11-01T09:00:00.000Z' });
    expect(groupAlerts([first, second]).waiting.map((alert) => alert.id)).toEqual(['2', '1']);
  });

  it('counts only what nobody has taken', () => {
    const alerts = [testAlert(), testAlert({ state: 'acknowledged' }), testAlert({ severity: 'low' })];
    expect(countWaiting(alerts)).toEqual({ critical: 0, high: 1, medium: 0, low: 1 });
  });
});
