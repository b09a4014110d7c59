import { dispositions, type Risk, riskSchema } from '@watchpost/contracts/alert';
import type { EventData, WatchpostEvent } from '@watchpost/contracts/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  candidate,
  doorAlarm,
  type EventSketch,
  forgedPass,
  smokeAlarm,
  testEvent,
} from '../testing/test-events.ts';
import { countsAs, noDispositions } from './device-trust.ts';
import { type RiskContext, scoreEvent } from './event-risk.ts';
import { defaultRuleSet, severityOf } from './rule-set.ts';

const usual: RiskContext = {
  zoneCriticality: 0.5,
  armed: false,
  corroboratingDevices: 0,
  ageMs: 500,
  dispositions: noDispositions,
};

const score = (event: WatchpostEvent, context: Partial<RiskContext> = {}): Risk =>
  scoreEvent(event, { ...usual, ...context }, defaultRuleSet);
const severity = (event: WatchpostEvent, context: Partial<RiskContext> = {}) =>
  severityOf(score(event, context).score);
const alertRule = (event: WatchpostEvent) => defaultRuleSet.ruleFor(event).alert;

const rejected = (reason: EventData<'watchpost.pass.rejected.v1'>['reason']) =>
  testEvent(forgedPass({ data: { reason, fingerprint: '0123456789abcdef' } }));

describe('what the demo site depends on', () => {
  const forged = testEvent(forgedPass());
  const watch = testEvent(candidate('watch'));
  const panic = testEvent({ type: 'watchpost.panic.pressed.v1', data: { silent: true } });
  const hot = testEvent({
    type: 'watchpost.sensor.alarm.v1',
    data: { kind: 'temperature', value: 70, limit: 60 },
  });
  const tamper = testEvent({ type: 'watchpost.tamper.cover.v1', data: {} });
  const anomaly = testEvent({
    type: 'watchpost.sensor.anomaly.v1',
    data: { kind: 'temperature', score: 1, reason: 'spike' },
  });

  test.each([
    ['smoke', testEvent(smokeAlarm()), 'critical'],
    ['a panic button', panic, 'critical'],
    ['a forged pass', forged, 'high'],
    ['a pass of an unknown key', rejected('unknown_key'), 'high'],
    ['a watch-list candidate', watch, 'high'],
    ['tampering', tamper, 'high'],
    ['a temperature alarm', hot, 'high'],
    ['an expired pass', rejected('expired'), 'low'],
    ['a revoked pass', rejected('revoked'), 'medium'],
    ['an anomaly', anomaly, 'low'],
    ['a door while nobody guards it', testEvent(doorAlarm()), 'low'],
  ] as const)('%s', (_name, event, expected) => {
    expect(severity(event)).toBe(expected);
    expect(alertRule(event)).toBe('always');
  });

  test('the severity of these holds in every zone', () => {
    for (const zoneCriticality of [0, 1]) {
      expect(severity(testEvent(smokeAlarm()), { zoneCriticality })).toBe('critical');
      expect(severity(forged, { zoneCriticality })).toBe('high');
      expect(severity(watch, { zoneCriticality })).toBe('high');
    }
  });

  test('a door matters when the zone is armed', () => {
    expect(severity(testEvent(doorAlarm()), { armed: true })).toBe('high');
    expect(severity(testEvent(doorAlarm()), { armed: true, zoneCriticality: 0 })).toBe('medium');
  });

  test('a danger to life is not talked down by a device that often erred', () => {
    const dispositions = { genuine: 0, mistaken: 50 };
    expect(severity(testEvent(smokeAlarm()), { dispositions, zoneCriticality: 0 })).toBe('critical');
    expect(score(forged, { dispositions }).score).toBeLessThan(score(forged).score);
  });

  test('somebody who may pass is no alert', () => {
    const accepted = testEvent({
      type: 'watchpost.pass.accepted.v1',
      data: { jti: 'p', kid: 'k', audience: 'gate', expires: '2026-12-01T00:00:00.000Z' },
    });
    for (const event of [testEvent(candidate('access')), accepted]) {
      expect(alertRule(event)).toBe('never');
      expect(score(event).score).toBe(0);
    }
  });
});

const kinds = ['door', 'smoke', 'temperature', 'motion', 'water', 'glass_break', 'gas'] as const;
const someEvent = fc.oneof(
  fc.constantFrom(...kinds).map((kind) => testEvent(smokeAlarm({ data: { kind } }))),
  fc.double({ min: 0, max: 1, noNaN: true }).map((confidence) => {
    const sketch = candidate('watch');
    return testEvent({
      ...sketch,
      data: { ...sketch.data, confidence },
    } as EventSketch<'watchpost.face.candidate.v1'>);
  }),
  fc.constant(testEvent(forgedPass())),
);
const someContext: fc.Arbitrary<RiskContext> = fc.record({
  zoneCriticality: fc.double({ min: 0, max: 1, noNaN: true }),
  armed: fc.boolean(),
  corroboratingDevices: fc.nat(5),
  ageMs: fc.integer({ min: -300_000, max: 100_000_000 }),
  dispositions: fc.record({ genuine: fc.nat(100), mistaken: fc.nat(100) }),
});

test('the points of the factors add up to the score exactly, within 0…100, and fit the contract', () => {
  fc.assert(
    fc.property(someEvent, someContext, (event, context) => {
      const risk = scoreEvent(event, context, defaultRuleSet);
      expect(risk.factors.reduce((sum, { points }) => sum + points, 0)).toBe(risk.score);
      riskSchema.parse(risk);
    }),
  );
});

test('more of what makes an event worse never lowers its score', () => {
  fc.assert(
    fc.property(someEvent, someContext, (event, context) => {
      const base = scoreEvent(event, context, defaultRuleSet).score;
      const worse: Partial<RiskContext>[] = [
        { armed: true },
        { zoneCriticality: 1 },
        { corroboratingDevices: context.corroboratingDevices + 1 },
        { ageMs: 0 },
        { dispositions: { ...context.dispositions, genuine: context.dispositions.genuine + 10 } },
      ];
      for (const change of worse) {
        expect(scoreEvent(event, { ...context, ...change }, defaultRuleSet).score).toBeGreaterThanOrEqual(
          base,
        );
      }
    }),
  );
});

test('no factor rests on who a person is', () => {
  const watch = candidate('watch');
  const one = testEvent(watch);
  const other = testEvent({
    ...watch,
    data: { ...watch.data, entry: 'entry-2' as typeof watch.data.entry, track: 't9' },
  });
  expect(score(one)).toEqual(score(other));
  expect(JSON.stringify(score(one))).not.toContain('entry');
});

test('only a genuine or a mistaken alert says something about the device', () => {
  expect(dispositions.map((disposition) => countsAs(disposition))).toEqual([
    'genuine',
    'mistaken',
    'mistaken',
    undefined,
    undefined,
  ]);
});
