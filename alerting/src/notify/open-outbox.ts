import type { NotifySection } from '@watchpost/contracts/site';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { Store } from '../store/open-store.ts';
import { LinkMaker } from './acknowledge-link/link-maker.ts';
import { NoticeSender, type NoticeSenderOptions } from './outbox/notice-sender.ts';

/** What {@link openOutbox} needs. */
export interface OutboxParts
  extends Pick<NoticeSenderOptions, 'clocks' | 'logger' | 'faults' | 'channels' | 'sites' | 'loopback'> {
  readonly store: Pick<Store, 'db' | 'kind'>;
  readonly metrics: AlertingMetrics;
  readonly acknowledgeLink: NotifySection['acknowledgeLink'] | undefined;
}

/** What sends the notices of a server, counted. */
export function openOutbox({
  store: { db, kind },
  metrics,
  acknowledgeLink,
  ...parts
}: OutboxParts): NoticeSender {
  const nowMs = () => parts.clocks.wallMs();
  return new NoticeSender({
    ...{ ...parts, db, isAlone: kind === 'embedded' },
    links: new LinkMaker({ db, nowMs, ...(acknowledgeLink ? { policy: acknowledgeLink } : {}) }),
    told: ({ site, channel, outcome, afterMs }) => {
      metrics.notices.inc({ site, channel, outcome });
      if (afterMs !== undefined) metrics.noticeAfter.observe({ channel }, Math.max(0, afterMs) / 1000);
    },
  });
}
