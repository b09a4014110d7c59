import type { Risk } from '@watchpost/contracts/alert';
import { expect, test } from 'vitest';
import { smokeAlarm, testEvent } from '../testing/test-events.ts';
import { clearCondition, joinEvent, openAlert, takeStep } from './alert-lifecycle.ts';
import { requireSeen } from './alert-revision.ts';

const now = '2026-11-01T08:00:00.000Z';
const event = testEvent(smokeAlarm({ time: now }));
const riskOf = (score: number): Risk => ({
  score,
  factors: [{ name: 'severity_of_type', points: score, because: {} }],
  ruleSet: 'test',
});
const opened = openAlert(event, event.gateway, riskOf(40), '00000000-0000-4000-8000-000000000001', now).alert;

test('medium was on the screen and high is refused: the step learns what changed', () => {
  const risen = joinEvent(opened, event, riskOf(60), now).alert;
  expect(() => requireSeen(risen, 1)).toThrow(
    expect.objectContaining({
      code: 'alert.stale',
      details: expect.objectContaining({ seen: 1, version: 2, changed: 'severity', severity: 'high' }),
    }),
  );
  expect(() => requireSeen(risen, 2)).not.toThrow();
});

test('more of the same, a cleared cause and a note make no step stale', () => {
  let alert = opened;
  for (let count = 0; count < 50; count++) alert = joinEvent(alert, event, riskOf(40), now).alert;
  alert = clearCondition(alert, now);
  alert = joinEvent(alert, event, riskOf(40), now).alert;
  alert = takeStep(alert, { actor: 'a', now, reason: 'seen' }).alert;
  expect(alert.version).toBe(54);
  expect(() => requireSeen(alert, 1)).not.toThrow();
});

test('what others decided makes it stale, and a version that does not exist yet is no version', () => {
  const taken = takeStep(opened, { to: 'acknowledged', actor: 'a', now, disposition: 'nuisance' }).alert;
  expect(() => requireSeen(taken, 1)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ changed: 'state,disposition' }) }),
  );
  expect(() => requireSeen(taken, 3)).toThrow(expect.objectContaining({ code: 'api.invalid' }));
});

test('an alert of an older service counts as changed in its last version', () => {
  const { changedIn: _, ...older } = joinEvent(opened, event, riskOf(40), now).alert;
  expect(() => requireSeen(older, 1)).toThrow(expect.objectContaining({ code: 'alert.stale' }));
  expect(() => requireSeen(older, 2)).not.toThrow();
});
