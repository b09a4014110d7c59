import { expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { announce } from './announcements.ts';

it('says the worst of a burst and how many more there are', () => {
  const smoke = testAlert({ id: '2', severity: 'critical' });
  expect(announce([testAlert(), smoke, testAlert({ id: '3' })])).toEqual({
    alert: smoke,
    others: 2,
    urgent: true,
  });
  expect(announce([testAlert()])?.urgent).toBe(false);
  expect(announce([])).toBeNull();
});
