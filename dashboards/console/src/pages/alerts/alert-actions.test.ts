import { alertStates, severities } from '@watchpost/contracts/alert';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../../test-alerts.ts';
import { actionsFor, changesBetween, needsDisposition, targetOf } from './alert-actions.ts';

describe('alert actions', () => {
  it('lead every alert forward to closed; what is done can be corrected and taken up again', () => {
    for (const state of alertStates) {
      const [usual] = actionsFor(state);
      const to = usual && targetOf[usual];
      if (to) expect(alertStates.indexOf(to)).toBeGreaterThan(alertStates.indexOf(state));
      const isDone = state === 'resolved' || state === 'closed';
      expect(actionsFor(state).includes('correct')).toBe(isDone);
      expect(actionsFor(state).includes('reopen')).toBe(isDone);
    }
    expect([targetOf.correct, targetOf.reopen]).toEqual([undefined, 'open']);
  });

  it('ask for a disposition of high and critical alerts only', () => {
    const asked = severities.filter((severity) => needsDisposition(testAlert({ severity })));
    expect(asked).toEqual(['high', 'critical']);
  });

  it('know what changed while somebody looked, as far as it matters to a decision', () => {
    const seen = testAlert({ severity: 'medium' });
    const now = testAlert({ severity: 'high', state: 'acknowledged', eventCount: 9, version: 12 });
    expect(changesBetween(seen, now)).toEqual([
      { what: 'severity', from: 'medium', to: 'high' },
      { what: 'state', from: 'open', to: 'acknowledged' },
    ]);
    expect(changesBetween(seen, testAlert({ severity: 'medium', eventCount: 5 }))).toEqual([]);
  });
});
