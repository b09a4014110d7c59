import { rulesViewSchema } from '@watchpost/contracts/api';
import { ruleSetFileSchema } from '@watchpost/contracts/site';
import { expect, it } from 'vitest';
import { bandOutOfOrder, draftOf, isChanged, ruleSetOf, withRule } from './rule-draft.ts';

const door = { base: 20, armed: 35, alert: 'always' } as const;
const view = rulesViewSchema.parse({
  ...{ site: 'yard', ruleSet: 'nights@0', severities: { medium: 25, high: 50, critical: 75 } },
  file: {
    ...{ version: 1, extends: 'wp-1', note: 'For nights.', context: { zone: 12 } },
    events: { 'sensor.alarm': { door: { base: 30 } } },
  },
  rules: [
    {
      ...{ event: 'sensor.alarm', kind: 'door', lifeSafety: false },
      ...{ builtIn: door, inForce: { ...door, base: 30 } },
    },
    { event: 'zone.entered', lifeSafety: false, builtIn: door, inForce: door },
  ],
});

it('says of the rules in force what their file says', () => {
  const draft = draftOf(view);
  expect(isChanged(draft, view)).toBe(false);
  expect(ruleSetFileSchema.parse(ruleSetOf(draft, view))).toEqual(view.file);
});

it('says what is another than built in, whatever is in force', () => {
  let draft = withRule(draftOf(view), 'sensor.alarm.door', door);
  draft = withRule(draft, 'zone.entered', { ...door, alert: 'never' });
  expect(isChanged(draft, view)).toBe(true);
  expect(ruleSetOf(draft, view).events).toEqual({ 'zone.entered': { alert: 'never' } });
});

it('has severity bands of its own once somebody moves them, and says which does not ascend', () => {
  const bands = { medium: 25, high: 60, critical: 80 };
  const draft = { ...draftOf(view), bands };
  expect(isChanged(draft, view)).toBe(true);
  expect(ruleSetOf(draft, view).severities).toEqual(bands);
  expect(bandOutOfOrder(bands)).toBeUndefined();
  expect(bandOutOfOrder({ medium: 60, high: 60, critical: 80 })).toBe('high');
  expect(bandOutOfOrder({ medium: 25, high: 60, critical: 50 })).toBe('critical');
});
