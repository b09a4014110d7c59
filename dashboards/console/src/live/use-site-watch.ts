import type { Alert } from '@watchpost/contracts/alert';
import type { Session } from '@watchpost/contracts/api';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ConsoleApi } from '../api/console-api.ts';
import { type Announcement, announce } from './announcements.ts';
import { SharedStream } from './shared-stream.ts';
import { siteClock } from './site-clock.ts';
import { SiteWatch } from './site-watch.ts';

/** Alerts that come within this time are announced in one sentence. */
const breathMs = 400;

export interface SiteWatchUse {
  readonly api: ConsoleApi;
  readonly streamUrl: string;
  readonly session: Session;
  readonly onSignedOut: () => void;
}

/** Runs a {@link SiteWatch} as long as the component lives. */
export function useSiteWatch({ api, streamUrl, session, onSignedOut }: SiteWatchUse) {
  const [announcement, setAnnouncement] = useState<Announcement | null>(null);
  const news = useRef<Alert[]>([]);
  const breath = useRef<ReturnType<typeof setTimeout>>(undefined);
  const watch = useMemo(
    () =>
      new SiteWatch({
        api,
        stream: (listener) => new SharedStream(streamUrl, listener),
        clock: siteClock,
        sites: session.sites.map(({ site }) => site),
        readsRejects: (asked) =>
          session.sites.some(
            ({ site, permissions }) => site === asked && permissions.includes('rejects.read'),
          ),
        onSignedOut,
        onNews: (alert) => {
          news.current.push(alert);
          breath.current ??= setTimeout(() => {
            breath.current = undefined;
            setAnnouncement(announce(news.current.splice(0)));
          }, breathMs);
        },
      }),
    [api, streamUrl, session, onSignedOut],
  );
  useEffect(() => {
    watch.start();
    return () => {
      watch.stop();
      clearTimeout(breath.current);
      breath.current = undefined;
    };
  }, [watch]);
  const view = useSyncExternalStore(watch.subscribe, watch.view);
  return { watch, view, announcement };
}
