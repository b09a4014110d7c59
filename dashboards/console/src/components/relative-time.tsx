import type { Site } from '@watchpost/contracts';
import { absoluteTime, relativeTime } from '../domain/time-text.ts';
import { useClock } from '../live/use-clock.ts';
import { useTexts } from '../texts/texts.tsx';

export interface RelativeTimeProps {
  readonly time: string;
  readonly site: Site | null;
}

/** "3 min. ago", with date and time in the site's time zone when pointed at. */
export function RelativeTime({ time, site }: RelativeTimeProps) {
  const { language } = useTexts();
  const recent = Date.now() - Date.parse(time) < 90_000;
  const nowMs = useClock(recent ? 1000 : 15_000);
  return (
    <time dateTime={time} title={absoluteTime(time, site?.timeZone, language)}>
      {relativeTime(time, nowMs, language)}
    </time>
  );
}
