import {
  type Alert,
  type AlertState,
  alertSchema,
  alertStates,
  type Risk,
  severities,
} from '@watchpost/contracts/alert';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smokeAlarm, testEvent } from '../testing/test-events.ts';
import { clearCondition, joinEvent, openAlert, takeStep } from './alert-lifecycle.ts';

const id = '00000000-0000-4000-8000-000000000001';
const now = '2026-11-01T08:00:00.000Z';
const later = '2026-11-01T08:00:01.000Z';
const riskOf = (score: number): Risk => ({
  score,
  factors: [{ name: 'severity_of_type', points: score, because: {} }],
  ruleSet: 'test',
});
const event = testEvent(smokeAlarm({ time: now }));
const opened = (score = 60): Alert => openAlert(event, event.gateway, riskOf(score), id, now).alert;
const step = (alert: Alert, to: AlertState, disposition?: 'genuine') =>
  takeStep(alert, { to, actor: 'officer', now: later, disposition }).alert;

test('an alert is born open, with its first step by the system', () => {
  const { alert, steps } = openAlert(event, event.gateway, riskOf(60), id, now);
  alertSchema.parse(alert);
  expect(alert).toMatchObject({
    state: 'open',
    condition: 'active',
    eventCount: 1,
    version: 1,
    severity: 'high',
  });
  expect(steps).toMatchObject([{ from: null, to: 'open', actor: 'system' }]);
});

describe('steps', () => {
  const allowed = new Set([
    'open>acknowledged',
    'acknowledged>in_progress',
    'acknowledged>resolved',
    'acknowledged>open',
    'in_progress>resolved',
    'resolved>closed',
    'resolved>open',
    'closed>open',
  ]);

  test.each(alertStates.flatMap((from) => alertStates.map((to) => [from, to] as const)))(
    '%s → %s',
    (from, to) => {
      const alert: Alert = { ...opened(), state: from, acknowledgedBy: 'officer' };
      const take = () => step(alert, to, 'genuine');
      if (allowed.has(`${from}>${to}`))
        expect(take()).toMatchObject({ state: to, version: 2, updatedAt: later });
      else expect(take).toThrow(expect.objectContaining({ code: 'alert.transition' }));
    },
  );

  test('who acknowledged an alert gives it back, and nobody else does', () => {
    const taken = step(opened(), 'acknowledged');
    expect(step(taken, 'open')).toMatchObject({ state: 'open', acknowledgedBy: null, version: 3 });
    const other = () => takeStep(taken, { to: 'open', actor: 'colleague', now: later });
    expect(other).toThrow(expect.objectContaining({ code: 'alert.transition' }));
  });

  test('reopening forgets who had it and what it was said to be', () => {
    const resolved = step(step(opened(), 'acknowledged'), 'resolved', 'genuine');
    expect(step(resolved, 'open')).toMatchObject({
      state: 'open',
      acknowledgedBy: null,
      resolvedBy: null,
      disposition: null,
    });
  });

  test('without a state: a note changes nothing else, a correction only what was decided before', () => {
    const note = takeStep(opened(), { actor: 'o', now: later, reason: 'on my way' });
    expect(note.alert).toMatchObject({ ...opened(), version: 2, updatedAt: later });
    expect(note.steps).toMatchObject([{ from: 'open', to: 'open', reason: 'on my way', disposition: null }]);
    const correct = (alert: Alert) => takeStep(alert, { actor: 'o', now: later, disposition: 'false' });
    expect(() => correct(opened())).toThrow(expect.objectContaining({ code: 'alert.transition' }));
    const resolved = step(step(opened(), 'acknowledged'), 'resolved', 'genuine');
    expect(correct(resolved)).toMatchObject({
      alert: { state: 'resolved', disposition: 'false' },
      steps: [{ from: 'resolved', to: 'resolved', disposition: 'false' }],
    });
  });

  test.each(severities)('resolving a %s alert', (severity) => {
    const alert: Alert = { ...opened(), severity, state: 'acknowledged' };
    const take = () => step(alert, 'resolved');
    if (severity === 'low' || severity === 'medium') expect(take()).toMatchObject({ resolvedBy: 'officer' });
    else expect(take).toThrow(expect.objectContaining({ code: 'alert.disposition_required' }));
  });
});

describe('further events', () => {
  test('are counted; the alert keeps the highest risk', () => {
    const { alert, steps } = joinEvent(opened(60), event, riskOf(40), later);
    expect(alert).toMatchObject({ eventCount: 2, version: 2, severity: 'high', risk: { score: 60 } });
    expect(steps).toEqual([]);
  });

  test('that are worse take the acknowledgement back', () => {
    const acknowledged = step(opened(60), 'acknowledged');
    const same = joinEvent(acknowledged, event, riskOf(70), later);
    expect(same.alert).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'officer',
      risk: { score: 70 },
    });
    const worse = joinEvent(acknowledged, event, riskOf(80), later);
    expect(worse.alert).toMatchObject({ state: 'open', acknowledgedBy: null, severity: 'critical' });
    expect(worse.steps).toMatchObject([{ from: 'acknowledged', to: 'open', actor: 'system' }]);
  });

  test('that are worse take back what the smaller thing was said to be', () => {
    const nuisance = takeStep(opened(60), { to: 'acknowledged', actor: 'o', now, disposition: 'nuisance' });
    const { alert } = joinEvent(nuisance.alert, event, riskOf(80), later);
    expect(alert.disposition).toBeNull();
    expect(() => step(step(alert, 'acknowledged'), 'resolved')).toThrow(
      expect.objectContaining({ code: 'alert.disposition_required' }),
    );
  });

  test('make a cleared condition active again; an older one does not turn back the clock', () => {
    const cleared = clearCondition(opened(), later);
    expect(cleared).toMatchObject({ condition: 'cleared', state: 'open', version: 2 });
    expect(clearCondition(cleared, later)).toBe(cleared);
    const older = testEvent(smokeAlarm({ time: '2026-11-01T07:59:00.000Z' }));
    expect(joinEvent(cleared, older, riskOf(60), later).alert).toMatchObject({
      condition: 'active',
      lastEventAt: now,
    });
  });
});

test('whatever happens, versions grow by one, severity never falls, and closed leads only to open', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('join' as const), score: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ kind: fc.constant('clear' as const) }),
    fc.record({ kind: fc.constant('step' as const), to: fc.constantFrom(...alertStates) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let alert = opened(30);
      for (const taken of actions) {
        const before = alert;
        try {
          if (taken.kind === 'step') alert = step(alert, taken.to, 'genuine');
          else if (alert.state === 'resolved' || alert.state === 'closed') continue;
          else if (taken.kind === 'clear') alert = clearCondition(alert, later);
          else alert = joinEvent(alert, event, riskOf(taken.score), later).alert;
        } catch (error) {
          expect(error).toMatchObject({ code: 'alert.transition' });
        }
        alertSchema.parse(alert);
        expect(alert.version - before.version).toBe(alert === before ? 0 : 1);
        expect(severities.indexOf(alert.severity)).toBeGreaterThanOrEqual(
          severities.indexOf(before.severity),
        );
        if (before.state === 'closed') expect(['closed', 'open']).toContain(alert.state);
        if (alert.state === 'open') expect(alert.acknowledgedBy).toBeNull();
      }
    }),
  );
});

test('a cause that comes back after it had cleared takes back the acknowledgement', () => {
  const cleared = clearCondition(step(opened(), 'acknowledged'), later);
  const { alert, steps } = joinEvent(cleared, event, riskOf(60), later);
  expect(alert).toMatchObject({ state: 'open', condition: 'active', acknowledgedBy: null });
  expect(steps).toMatchObject([{ from: 'acknowledged', to: 'open', actor: 'system' }]);
  const still = joinEvent(step(opened(), 'acknowledged'), event, riskOf(60), later);
  expect(still).toMatchObject({ alert: { state: 'acknowledged' }, steps: [] });
});

describe('a momentary cause', () => {
  const press = (time: string) =>
    testEvent({ type: 'watchpost.panic.pressed.v1', data: { silent: true }, device: 'door1', time });
  const pressed = openAlert(press(now), event.gateway, riskOf(90), id, now, 'momentary').alert;
  const again = (time: string) =>
    joinEvent(step(pressed, 'acknowledged'), press(time), riskOf(90), later, 'momentary', 60_000);

  test('is neither present nor cleared', () => {
    expect(pressed.condition).toBe('momentary');
    expect(clearCondition(pressed, later)).toBe(pressed);
  });

  test('that comes again at once leaves the acknowledgement; after a pause it takes it back', () => {
    expect(again('2026-11-01T08:00:30.000Z')).toMatchObject({ alert: { state: 'acknowledged' }, steps: [] });
    expect(again('2026-11-01T08:05:00.000Z').alert).toMatchObject({ state: 'open', acknowledgedBy: null });
  });
});
