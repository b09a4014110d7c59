import { ruleSetFileSchema } from '@watchpost/contracts/site';
import { expect, it } from 'vitest';
import { testEvent } from '../testing/test-events.ts';
import { riskUnder, ruleSetOf } from './described-rules.ts';
import { scoreEvent } from './event-risk.ts';
import { defaultRiskPolicy } from './policy.ts';
import { defaultRuleSet } from './rule-set.ts';

const described = (change: object) => ({
  id: 'strict@0123456789ab',
  rules: ruleSetFileSchema.parse({ version: 1, extends: 'wp-1', ...change }),
});
const around = {
  zoneCriticality: 0.5,
  armed: true,
  corroboratingDevices: 1,
  ageMs: 0,
  dispositions: { genuine: 0, mistaken: 0 },
};
const door = testEvent({ type: 'watchpost.sensor.alarm.v1', data: { kind: 'door' } });
const smoke = testEvent({ type: 'watchpost.sensor.alarm.v1', data: { kind: 'smoke' } });

it('changes what it names, and says by which rules a score was made', () => {
  const rules = ruleSetOf(
    described({
      events: { 'sensor.alarm': { door: { base: 33, alert: 'when_armed' } } },
      context: { corroboration: { one: 11 } },
    }),
  );
  expect(rules.ruleFor(door)).toMatchObject({
    base: 33,
    armed: 35,
    alert: 'when_armed',
    concern: 'intrusion',
  });
  const { score, ruleSet } = scoreEvent(door, around, rules);
  expect([score, ruleSet]).toEqual([33 + 35 + 11, 'strict@0123456789ab']);
});

it('that changes nothing scores everything as the built-in one', () => {
  const same = ruleSetOf(described({}));
  for (const event of [door, smoke]) {
    expect(same.ruleFor(event)).toEqual(defaultRuleSet.ruleFor(event));
    const { factors, score } = scoreEvent(event, around, defaultRuleSet);
    expect(scoreEvent(event, around, same)).toEqual({ factors, score, ruleSet: 'strict@0123456789ab' });
  }
});

it('brings severity bands that go before those of the site file', () => {
  const severities = { medium: 10, high: 20, critical: 30 };
  expect(riskUnder(defaultRiskPolicy, described({ severities })).severities).toEqual(severities);
  expect(riskUnder(defaultRiskPolicy, described({}))).toBe(defaultRiskPolicy);
});
