import type { Site } from '@watchpost/contracts/site';
import { useSyncExternalStore } from 'react';
import type { Announcer } from '../live/announcer.ts';
import { whatHappened, whereOnSite } from '../texts/alert-texts.ts';
import { useTexts } from '../texts/texts.tsx';

export interface LiveRegionsProps {
  readonly announcer: Announcer;
  readonly siteOf: (id: string) => Site | null;
  /** Whether the name of the site is said. */
  readonly several: boolean;
}

/** Speaks new alerts to screen readers: critical ones interrupt, others wait for a pause. */
export function LiveRegions({ announcer, siteOf, several }: LiveRegionsProps) {
  const announcement = useSyncExternalStore(announcer.subscribe, announcer.current);
  const texts = useTexts();
  const { t } = texts;
  let text = '';
  if (announcement) {
    const { alert, others } = announcement;
    text = t('announce.new', {
      severity: t(`severity.${alert.severity}`),
      what: whatHappened(texts, alert.eventType, alert.details, alert.device),
      where: whereOnSite(texts, siteOf(alert.site), alert, several),
    });
    if (others > 0) text += ` ${t('announce.more', { count: others })}`;
  }
  return (
    <>
      <div className="sr-only" aria-live="assertive" data-testid="announce-urgent">
        {announcement?.urgent ? text : ''}
      </div>
      <div className="sr-only" aria-live="polite" data-testid="announce">
        {announcement && !announcement.urgent ? text : ''}
      </div>
    </>
  );
}
