import { describe, expect, it } from 'vitest';
import { absoluteTime, clockTime, relativeTime } from './time-text.ts';

const time = '2026-11-01T08:00:00.000Z';
const at = (secondsLater: number) => Date.parse(time) + secondsLater * 1000;

describe('time texts', () => {
  it('use the largest unit that fits', () => {
    expect(relativeTime(time, at(59), 'en')).toBe('59 sec. ago');
    expect(relativeTime(time, at(60), 'en')).toBe('1 min. ago');
    expect(relativeTime(time, at(7300), 'zh-CN')).toContain('2小时');
  });

  it('call a time slightly ahead of this clock now', () => {
    expect(relativeTime(time, at(-3), 'en')).toBe('now');
  });

  it('are told in the time zone of the site, not of the browser', () => {
    expect(clockTime(at(0), 'Asia/Shanghai', 'en')).toBe('16:00:00');
    expect(absoluteTime(time, 'Asia/Shanghai', 'zh-CN')).toContain('16:00:00');
  });
});
