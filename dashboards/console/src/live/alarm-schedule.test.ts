import { describe, expect, it } from 'vitest';
import { consolePolicy } from '../policy.ts';
import { AlarmSchedule, type AlarmState } from './alarm-schedule.ts';

const quiet = { low: 0, medium: 0, high: 0, critical: 0 };
const waiting = (parts: Partial<AlarmState['waiting']>, trouble = false): AlarmState => ({
  waiting: { ...quiet, ...parts },
  trouble,
});

/** What sounds at each second when the state is asked for ten times a second. */
function sounded(seconds: number, stateAt: (second: number) => AlarmState): string[] {
  const schedule = new AlarmSchedule();
  const heard: string[] = [];
  for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
    const alarm = schedule.due(stateAt(tenth / 10), tenth * 100);
    if (alarm) heard.push(`${tenth / 10} ${alarm}`);
  }
  return heard;
}

describe('alarm schedule', () => {
  it('sounds an untaken critical alert again until somebody takes it', () => {
    expect(sounded(60, (second) => waiting({ critical: second < 25 ? 1 : 0 }))).toEqual([
      '0 critical',
      '10 critical',
      '20 critical',
    ]);
  });

  it('sounds high ones less often, medium ones once, and low ones never', () => {
    expect(sounded(130, () => waiting({ high: 1 }))).toEqual(['0 high', '60 high', '120 high']);
    expect(sounded(130, () => waiting({ medium: 2, low: 5 }))).toEqual(['0 medium']);
  });

  it('never sounds two at once: a burst is one sound, another kind waits for the gap', () => {
    const gap = consolePolicy.soundGapMs / 1000;
    expect(sounded(9, () => waiting({ critical: 6, high: 3 }))).toEqual(['0 critical', `${gap} high`]);
    expect(sounded(2, (second) => waiting({ critical: Math.floor(second * 10) + 1 }))).toEqual([
      '0 critical',
    ]);
  });

  it('sounds at once what comes on top of what is waiting already', () => {
    expect(sounded(8, (second) => waiting({ critical: second < 5 ? 1 : 2 }))).toEqual([
      '0 critical',
      '5 critical',
    ]);
  });

  it('sounds trouble until it is over, and no less of the alerts', () => {
    expect(sounded(70, (second) => waiting({}, second >= 5))).toEqual([
      '5 trouble',
      '35 trouble',
      '65 trouble',
    ]);
    expect(sounded(9, () => waiting({ critical: 1 }, true))).toEqual(['0 critical', '3 trouble']);
  });

  it('is due as soon as it is asked, however long nobody could ask', () => {
    const schedule = new AlarmSchedule();
    expect(schedule.due(waiting({ critical: 4 }), 3_600_000)).toBe('critical');
    expect(schedule.due(waiting({ critical: 4 }), 3_600_050)).toBeUndefined();
  });
});
