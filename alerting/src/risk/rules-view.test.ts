import { ruleSetFileSchema } from '@watchpost/contracts/site';
import { expect, it } from 'vitest';
import { defaultRiskPolicy } from './policy.ts';
import { builtInRules } from './rule-set.ts';
import { rulesView } from './rules-view.ts';

const site = 'yard' as Parameters<typeof rulesView>[0];

it('shows each kind that a rule set may name, and no other', () => {
  const { rules } = rulesView(site, defaultRiskPolicy, undefined);
  const named = (event: string, kind: string | undefined) => ({
    ...{ version: 1, extends: 'wp-1' },
    events: { [event]: kind === undefined ? { base: 1 } : { [kind]: { base: 1 } } },
  });
  for (const { event, kind } of rules)
    expect(() => ruleSetFileSchema.parse(named(event, kind)), `${event} ${kind}`).not.toThrow();
  const shape = ruleSetFileSchema.shape.events.unwrap().shape;
  const known = Object.entries(shape).flatMap(([event, schema]) => {
    const inner = schema.unwrap().shape as Record<string, unknown>;
    return 'base' in inner ? [event] : Object.keys(inner).map((kind) => `${event} ${kind}`);
  });
  expect(builtInRules.map(({ event, kind }) => (kind ? `${event} ${kind}` : event)).sort()).toEqual(
    known.sort(),
  );
});

it('shows what a rule set changes beside what is built in', () => {
  const rules = ruleSetFileSchema.parse({
    ...{ version: 1, extends: 'wp-1', severities: { medium: 20, high: 40, critical: 70 } },
    events: { 'sensor.alarm': { door: { base: 30 } }, 'zone.entered': { alert: 'never' } },
  });
  const view = rulesView(site, defaultRiskPolicy, { id: 'nights@0', rules });
  expect(view).toMatchObject({ ruleSet: 'nights@0', severities: { medium: 20, high: 40, critical: 70 } });
  const of = (event: string, kind?: string) =>
    view.rules.find((rule) => rule.event === event && rule.kind === kind);
  expect(of('sensor.alarm', 'door')).toMatchObject({
    builtIn: { base: 20, armed: 35, alert: 'always' },
    inForce: { base: 30, armed: 35, alert: 'always' },
  });
  expect(of('zone.entered')?.inForce).toEqual({ base: 10, armed: 30, alert: 'never' });
  expect(of('sensor.alarm', 'smoke')).toMatchObject({ lifeSafety: true });
});
