import { alertStates, severities } from '@watchpost/contracts';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { actionsFor, needsDisposition, targetOf } from './alert-actions.ts';

describe('alert actions', () => {
  it('lead every alert forward to closed', () => {
    for (const state of alertStates) {
      for (const action of actionsFor(state)) {
        expect(alertStates.indexOf(targetOf[action])).toBeGreaterThan(alertStates.indexOf(state));
      }
      expect(actionsFor(state).length === 0).toBe(state === 'closed');
    }
  });

  it('ask for a disposition of high and critical alerts only', () => {
    const asked = severities.filter((severity) => needsDisposition(testAlert({ severity })));
    expect(asked).toEqual(['high', 'critical']);
  });
});
