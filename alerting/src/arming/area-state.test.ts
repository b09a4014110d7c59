import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testEvent } from '../testing/test-events.ts';
import { armedSite } from '../testing/test-site.ts';
import { judgeEvent } from './area-rules.ts';
import {
  type AreaChange,
  type AreaState,
  arm,
  bypass,
  closed,
  disarm,
  disarmedArea,
  enter,
  entryEnds,
  exitEnds,
  isArmedPhase,
  refuse,
} from './area-state.ts';
import type { HeldEvent } from './held-event.ts';

const anna = { account: 'a', name: 'anna' };
const open = [{ device: 'door1', problem: 'open' as const, since: null }] as never;
const beginMs = Date.parse('2026-03-01T21:00:00.000Z');
const heldAt = (nowMs: number, device: string): HeldEvent => ({
  event: testEvent({
    ...{ type: 'watchpost.sensor.alarm.v1', data: { kind: 'door' }, device: 'door1' },
    time: new Date(nowMs).toISOString(),
  }),
  ...{ device, groupKey: `${device} door`, receivedAt: new Date(nowMs).toISOString() },
  risk: { score: 60, factors: [], ruleSet: 'test' },
});

type Step = (state: AreaState, nowMs: number) => AreaChange | undefined;
const steps: Readonly<Record<string, Step>> = {
  armAtOnce: (state, nowMs) => arm(state, { mode: 'night', by: anna, bypass: [], exitMs: 0, nowMs }),
  armLeaving: (state, nowMs) => arm(state, { mode: 'away', by: anna, bypass: [], exitMs: 30_000, nowMs }),
  armWithout: (state, nowMs) =>
    arm(state, { mode: 'away', by: null, bypass: [{ device: 'door1', until: 'once' }], exitMs: 0, nowMs }),
  refuse: (state, nowMs) => refuse(state, 'away', open, nowMs),
  disarm: (state, nowMs) => disarm(state, anna, nowMs),
  exitEnds: (state, nowMs) => exitEnds(state, [], 'refuse', nowMs),
  exitEndsOpen: (state, nowMs) => exitEnds(state, open, 'refuse', nowMs),
  exitEndsAlarm: (state, nowMs) => exitEnds(state, open, 'alarm', nowMs),
  enterByDoor: (state, nowMs) => enter(state, heldAt(nowMs, 'door1'), { entryMs: 20_000, atMost: 3, nowMs }),
  enterByHall: (state, nowMs) => enter(state, heldAt(nowMs, 'hall'), { entryMs: 20_000, atMost: 3, nowMs }),
  entryEnds: (state, nowMs) => entryEnds(state, nowMs),
  bypassOnce: (state, nowMs) => bypass(state, 'temp2', 'once', anna, nowMs),
  bypassClosed: (state, nowMs) => bypass(state, 'temp2', 'closed', anna, nowMs),
  takeBack: (state, nowMs) => bypass(state, 'temp2', null, anna, nowMs),
  closed: (state) => closed(state, 'temp2'),
};

function mustHold(state: AreaState): void {
  const isDelayed = state.phase === 'exit' || state.phase === 'entry';
  expect(state.delay !== null).toBe(isDelayed);
  expect(state.untilMs !== null).toBe(isDelayed);
  expect(state.mode === null).toBe(state.phase === 'disarmed');
  expect(state.held.length > 0).toBe(state.phase === 'entry');
  expect(state.armed !== null && state.armed.untilMs === null).toBe(isArmedPhase(state.phase));
  expect(state.decided).toBeLessThanOrEqual(state.version);
  expect(new Set(state.bypassed.map(({ device }) => device)).size).toBe(state.bypassed.length);
}

test('whatever happens in whichever order, an area is one thing at a time', () => {
  const moves = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(60_000)), { maxLength: 40 });
  fc.assert(
    fc.property(moves, (list) => {
      let state = disarmedArea('house');
      let nowMs = beginMs;
      for (const [name, passed] of list) {
        nowMs += passed;
        const change = steps[name]?.(state, nowMs);
        if (!change) continue;
        const before = state;
        state = change.state;
        mustHold(state);
        // Only what joins a delay that runs is no change of its own.
        const isJoining = before.phase === 'entry' && name.startsWith('enter');
        expect(state.version - before.version).toBe(isJoining ? 0 : 1);
        if (name === 'disarm') expect(state.bypassed.filter(({ until }) => until === 'once')).toEqual([]);
        if (state.phase === 'alarm') expect(['exit', 'entry', 'alarm']).toContain(before.phase);
      }
      const disarmed = disarm(state, anna, nowMs)?.state ?? state;
      expect(disarmed.phase).toBe('disarmed');
      expect(disarm(disarmed, anna, nowMs)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

const [house] = armedSite.arming ?? [];
const door = { device: 'door1', kind: 'watchpost.sensor.alarm.v1/door', type: 'watchpost.sensor.alarm.v1' };
const hall = { ...door, device: 'smoke1', kind: 'watchpost.sensor.alarm.v1/motion' };
const verdict = (state: AreaState, what: typeof door, timeMs: number, late = false) =>
  house && judgeEvent(house, state, { ...what, timeMs, late });

test('an event is judged by when it was captured, not by when it comes', () => {
  const leaving = steps.armLeaving?.(disarmedArea('house'), beginMs)?.state ?? disarmedArea('house');
  expect(verdict(leaving, door, beginMs + 29_000)).toBe('ignored');
  // The end of the delay is late: it is armed all the same.
  expect(verdict(leaving, hall, beginMs + 31_000)).toBe('armed');
  const armed = exitEnds(leaving, [], 'refuse', beginMs + 90_000)?.state ?? leaving;
  expect(armed.lateMs).toBe(60_000);
  expect(verdict(armed, door, beginMs + 29_000)).toBe('ignored');
  expect(verdict(armed, door, beginMs + 31_000)).toBe('entry');
  expect(verdict(armed, door, beginMs + 31_000, true)).toBe('armed');
  expect(verdict(armed, hall, beginMs + 31_000)).toBe('armed');
  const home = disarm(armed, anna, beginMs + 200_000)?.state ?? armed;
  expect(verdict(home, hall, beginMs + 199_000)).toBe('armed');
  expect(verdict(home, hall, beginMs + 201_000)).toBe('ignored');
});

test('whoever disarms within the entry delay belonged there from when the door opened', () => {
  const armed = steps.armAtOnce?.(disarmedArea('house'), beginMs)?.state ?? disarmedArea('house');
  const entering = enter(armed, heldAt(beginMs + 5_000, 'door1'), {
    ...{ entryMs: 20_000, atMost: 3, nowMs: beginMs + 5_000 },
  })?.state;
  const home = entering && disarm(entering, anna, beginMs + 15_000)?.state;
  expect(home && verdict(home, hall, beginMs + 10_000)).toBe('ignored');
  expect(home && verdict(home, hall, beginMs + 4_000)).toBe('armed');
});

test('what is left out counts neither while it is armed nor later for that time', () => {
  const armed = steps.armWithout?.(disarmedArea('house'), beginMs)?.state ?? disarmedArea('house');
  expect(verdict(armed, door, beginMs + 1_000)).toBe('ignored');
  const home = disarm(armed, anna, beginMs + 60_000)?.state ?? armed;
  expect(verdict(home, door, beginMs + 1_000)).toBe('ignored');
});
