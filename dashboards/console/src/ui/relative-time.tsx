import type { Site } from '@watchpost/contracts/site';
import { useMemo } from 'react';
import { siteClock } from '../live/site-clock.ts';
import { useClock } from '../live/use-clock.ts';
import { useTexts } from '../texts/texts.tsx';
import { absoluteTime, pointInTime, relativeTime } from '../texts/time-text.ts';

export interface RelativeTimeProps {
  readonly time: string;
  readonly site: Site | null;
}

/**
 * "14:03:22 · 3 min. ago" in the site's time, with the day when it was another one; date and zone when
 * pointed at.
 */
export function RelativeTime({ time, site }: RelativeTimeProps) {
  const { language } = useTexts();
  const timeZone = site?.timeZone;
  const recent = siteClock.nowMs() - Date.parse(time) < 90_000;
  const nowMs = useClock(recent ? 1000 : 15_000);
  const title = useMemo(() => absoluteTime(time, timeZone, language), [time, timeZone, language]);
  return (
    <time dateTime={time} title={title}>
      <span className="clock-time">{pointInTime(time, nowMs, timeZone, language)}</span>{' '}
      <span className="ago">{relativeTime(time, nowMs, language)}</span>
    </time>
  );
}
