import { severities } from '@watchpost/contracts/alert';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { attentionOf, compareDone, compareUrgency, severityRank } from './alert-order.ts';

const risk = (score: number) => ({ score, factors: [], ruleSet: '1' });

describe('alert order', () => {
  it('ranks severities as the contracts list them', () => {
    expect([...severities].sort((left, right) => severityRank[left] - severityRank[right])).toEqual(
      severities,
    );
  });

  it('puts the worst first, then the highest risk, then what opened first', () => {
    const opened = (hour: number) => `2026-11-01T0${hour}:00:00.000Z`;
    const alerts = [
      testAlert({ id: '1', severity: 'low', risk: risk(90) }),
      testAlert({ id: '2', severity: 'critical', risk: risk(78), openedAt: opened(7) }),
      testAlert({ id: '3', severity: 'critical', risk: risk(78), openedAt: opened(8) }),
      testAlert({ id: '4', severity: 'critical', risk: risk(97), openedAt: opened(9) }),
      testAlert({ id: '0', severity: 'critical', risk: risk(78), openedAt: opened(8) }),
    ];
    expect(alerts.sort(compareUrgency).map((alert) => alert.id)).toEqual(['4', '2', '0', '3', '1']);
  });

  it('puts what was done last first', () => {
    const done = (id: string, hour: number) => testAlert({ id, updatedAt: `2026-11-01T0${hour}:00:00.000Z` });
    expect([done('1', 1), done('2', 3), done('3', 2)].sort(compareDone).map(({ id }) => id)).toEqual([
      '2',
      '3',
      '1',
    ]);
  });

  it('does not move an alert because a further event joined it', () => {
    const first = testAlert({ id: '1', openedAt: '2026-11-01T07:00:00.000Z' });
    const second = testAlert({ id: '2' });
    expect(compareUrgency(first, second)).toBeLessThan(0);
    expect(compareUrgency(first, { ...second, lastEventAt: '2026-11-02T00:00:00.000Z' })).toBeLessThan(0);
  });

  it('knows no closed ones', () => {
    expect(attentionOf('closed')).toBeUndefined();
  });
});
