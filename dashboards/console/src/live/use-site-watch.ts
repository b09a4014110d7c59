import type { Session } from '@watchpost/contracts/api';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ConsoleApi } from '../api/console-api.ts';
import { Announcer } from './announcer.ts';
import { SharedStream } from './shared-stream.ts';
import { siteClock } from './site-clock.ts';
import { SiteWatch } from './site-watch.ts';

export interface SiteWatchUse {
  readonly api: ConsoleApi;
  readonly streamUrl: string;
  readonly session: Session;
  readonly onSignedOut: () => void;
}

/** Runs a {@link SiteWatch} as long as the component lives. */
export function useSiteWatch({ api, streamUrl, session, onSignedOut }: SiteWatchUse) {
  const announcer = useMemo(() => new Announcer(), []);
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
        onNews: (alert) => announcer.hear(alert),
      }),
    [api, streamUrl, session, onSignedOut, announcer],
  );
  useEffect(() => {
    watch.start();
    return () => {
      watch.stop();
      announcer.stop();
    };
  }, [watch, announcer]);
  const view = useSyncExternalStore(watch.subscribe, watch.view);
  return { watch, view, announcer };
}
