import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alertTopic,
  filterIsWithin,
  filtersOverlap,
  gatewayTopic,
  mayPublish,
  maySubscribe,
  noticeTopic,
  type Principal,
  parseTopic,
  type Scope,
  scopeAllows,
  topicTable,
} from '../wire/index.ts';

const gateway: Principal = { kind: 'gateway', name: 'gw-1', site: 'demo', gateway: 'gw-1' };
const alerting: Principal = { kind: 'alerting', name: 'alerting', site: 'demo' };
const integrator: Principal = { kind: 'integrator', name: 'flows', site: 'demo' };
const officer: Principal = { kind: 'officer', name: 'tablet-1', site: 'demo' };
const demo: Principal = { kind: 'demo', name: 'demo', site: 'demo' };

describe('topics', () => {
  it('every name of the table is read back from the topic it makes', () => {
    for (const name of Object.keys(topicTable)) {
      const topic = name === 'alert' ? alertTopic('demo', 'a1') : gatewayTopic(name as 'up', 'demo', 'gw-1');
      expect(parseTopic(topic)?.name).toBe(name);
    }
  });
  it.each([
    'wp/1/demo/gw-1',
    'wp/2/demo/gw-1/up',
    'wp/1/demo/gw-1/up/x',
    'wp/1/de mo/gw-1/up',
    'wp/1/demo//up',
    'wp/1/demo/gw-1/constructor',
    'wp/1/demo/gw-1/alert',
    '$SYS/x',
    'wp/1/demo/+/up',
  ])('%s is none of ours', (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });
});

describe('rules', () => {
  it('a gateway speaks only under its own name', () => {
    expect(mayPublish(gateway, 'wp/1/demo/gw-1/up', false)).toBe(true);
    expect(mayPublish(gateway, 'wp/1/demo/gw-1/state', true)).toBe(true);
    expect(mayPublish(gateway, 'wp/1/demo/gw-2/up', false)).toBe(false);
    expect(mayPublish(gateway, 'wp/1/other/gw-1/up', false)).toBe(false);
    expect(mayPublish(gateway, 'wp/1/demo/gw-1/up', true)).toBe(false);
  });
  it('nobody but alerting writes receipts, policy and alerts', () => {
    const gatewayTopics = ['receipt', 'policy', 'site', 'permit'].map((name) => `wp/1/demo/gw-1/${name}`);
    for (const topic of [...gatewayTopics, 'wp/1/demo/alerts/a1']) {
      expect(mayPublish(alerting, topic, true)).toBe(true);
      for (const other of [gateway, integrator, demo]) expect(mayPublish(other, topic, true)).toBe(false);
    }
  });
  it('notices come from alerting alone, are not kept, and go to programs', () => {
    const topic = noticeTopic('demo');
    expect(mayPublish(alerting, topic, false)).toBe(true);
    expect(mayPublish(alerting, topic, true)).toBe(false);
    for (const other of [gateway, integrator, officer, demo])
      expect(mayPublish(other, topic, false)).toBe(false);
    expect([integrator, officer, gateway].map((who) => maySubscribe(who, topic))).toEqual([
      true,
      false,
      false,
    ]);
  });
  it('subscriptions reach no further than the table', () => {
    expect(maySubscribe(gateway, 'wp/1/demo/gw-1/cmd')).toBe(true);
    expect(maySubscribe(gateway, 'wp/1/demo/+/cmd')).toBe(false);
    expect(maySubscribe(gateway, 'wp/1/demo/gw-1/#')).toBe(false);
    expect(maySubscribe(integrator, 'wp/1/demo/alerts/+')).toBe(true);
    expect(maySubscribe(integrator, 'wp/1/demo/+/policy')).toBe(false);
    for (const filter of ['#', '+/#', 'wp/1/#', 'wp/1/+/gw-1/up', '$SYS/#', '$share/g/wp/1/demo/+/up']) {
      for (const principal of [gateway, alerting, integrator, demo])
        expect(maySubscribe(principal, filter), filter).toBe(false);
    }
    expect(maySubscribe(demo, 'wp/1/demo/#')).toBe(true);
  });
  it('an officer’s app hears the alerts of its site and says nothing', () => {
    expect(maySubscribe(officer, 'wp/1/demo/alerts/+')).toBe(true);
    for (const filter of ['wp/1/other/alerts/+', 'wp/1/demo/+/up', 'wp/1/demo/#', 'wp/1/demo/gw-1/state'])
      expect(maySubscribe(officer, filter), filter).toBe(false);
    for (const topic of ['wp/1/demo/alerts/a1', 'wp/1/demo/gw-1/up', 'wp/1/demo/gw-1/cmd'])
      expect(mayPublish(officer, topic, false), topic).toBe(false);
  });
  it('a scope narrows and never widens, whatever it says', () => {
    const filter = fc
      .array(fc.constantFrom('wp', '1', 'demo', 'gw-1', 'gw-2', 'alerts', 'up', 'cmd', 'a1', '$SYS', '+'), {
        minLength: 1,
        maxLength: 5,
      })
      .chain((levels) => fc.constantFrom(levels.join('/'), [...levels, '#'].join('/'), '#'));
    const filters = fc.option(fc.array(filter, { maxLength: 3 }), { nil: undefined });
    const scope = fc.record({ publish: filters, subscribe: filters }).map(
      ({ publish, subscribe }): Scope => ({
        ...(publish ? { publish } : {}),
        ...(subscribe ? { subscribe } : {}),
      }),
    );
    const principal = fc.constantFrom(gateway, alerting, integrator, officer, demo);
    fc.assert(
      fc.property(principal, scope, filter, (who, narrowed, topic) => {
        const scoped = { ...who, scope: narrowed };
        expect(mayPublish(scoped, topic, false) && !mayPublish(who, topic, false)).toBe(false);
        expect(maySubscribe(scoped, topic) && !maySubscribe(who, topic)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
  it('a scope leaves what lies within it', () => {
    const one: Principal = { ...integrator, scope: { subscribe: ['wp/1/demo/gw-1/+'], publish: [] } };
    expect(maySubscribe(one, 'wp/1/demo/gw-1/up')).toBe(true);
    expect(maySubscribe(one, 'wp/1/demo/+/up')).toBe(false);
    expect(maySubscribe(one, 'wp/1/demo/alerts/+')).toBe(false);
    const quiet: Principal = { ...gateway, scope: { publish: ['wp/1/demo/gw-1/state'] } };
    expect(mayPublish(quiet, 'wp/1/demo/gw-1/state', true)).toBe(true);
    expect(mayPublish(quiet, 'wp/1/demo/gw-1/up', false)).toBe(false);
    expect(scopeAllows({ subscribe: ['#'] }, 'subscribe', '$SYS/broker/x')).toBe(false);
  });
  it.each([
    ['wp/1/demo/gw-1/#', 'wp/1/demo/+/up', true],
    ['+/+/+/+/state', 'wp/1/demo/+/up', false],
    ['wp/1/demo/gw-1', 'wp/1/demo/gw-1/up', false],
    ['#', 'wp/1/demo/alerts/+', true],
    ['wp/1/other/#', 'wp/1/demo/alerts/+', false],
  ])('%s and %s have a topic in common: %s', (one, other, overlap) => {
    expect(filtersOverlap(one, other)).toBe(overlap);
    expect(filtersOverlap(other, one)).toBe(overlap);
  });
  it('a filter lies within another exactly when each topic it matches does', () => {
    const level = fc.constantFrom('a', 'b');
    const filter = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', '+'), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, hash]) => [...levels, ...(hash ? ['#'] : [])].join('/'));
    fc.assert(
      fc.property(filter, filter, fc.array(level, { minLength: 1, maxLength: 6 }), (inner, outer, levels) => {
        const topic = levels.join('/');
        const matches = (f: string) =>
          filterIsWithin(topic, f) || (f.endsWith('/#') && filterIsWithin(topic, f.slice(0, -2)));
        return !(filterIsWithin(inner, outer) && matches(inner)) || matches(outer);
      }),
      { numRuns: 5000 },
    );
  });
});
