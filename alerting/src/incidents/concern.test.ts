import { alertEventTypes } from '@watchpost/contracts/alert';
import { expect, test } from 'vitest';
import { concernOf } from './concern.ts';
import { concernOfKind } from './policy.ts';

/** Types that end something, or of which no rule ever makes an alert. */
const silent = /face\.abstain|pass\.accepted|address\.scanned|\.cleared|system\.restored|warning\.ended/;

test('every type of event that can alert has a concern', () => {
  expect(alertEventTypes.filter((type) => concernOfKind[type] === undefined && !silent.test(type))).toEqual(
    [],
  );
});

test('the kind decides before the type', () => {
  const eventType = 'watchpost.sensor.alarm.v1';
  expect(concernOf({ eventType, details: { kind: 'smoke' } })).toBe('fire');
  expect(concernOf({ eventType, details: { kind: 'door' } })).toBe('intrusion');
  expect(concernOf({ eventType, details: { kind: 'something new' } })).toBe('other');
});
