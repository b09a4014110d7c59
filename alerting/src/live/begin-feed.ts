import type { ChangeLog } from '../store/change-log.ts';
import { relayOffset } from '../store/relay-offsets.ts';
import type { Queryable } from '../store/schema.ts';
import { serverKey } from '../store/server-key.ts';
import type { LiveFeed, SiteStart } from './live-feed.ts';
import { streamPolicy } from './policy.ts';

/**
 * Gives a feed what happened to alerts of these sites before this process began, so that readers of an
 * earlier one can go on. Returns the position after which the feed is to be told.
 */
export async function beginFeed(
  feed: LiveFeed,
  sites: readonly string[],
  { db, changes }: { readonly db: Queryable; readonly changes: ChangeLog },
): Promise<number> {
  // Random, made with the database; it names the log and guards nothing.
  const log = (await serverKey(db, 'alert_change')).subarray(0, 6).toString('hex');
  // First: what comes meanwhile is told, and in none of the pages twice.
  const head = await changes.head();
  const starts = await Promise.all(sites.map((site) => startOf(site, head, { db, changes })));
  feed.begin({ log, sites: starts, head });
  return head;
}

async function startOf(
  site: string,
  head: number,
  { db, changes }: { readonly db: Queryable; readonly changes: ChangeLog },
): Promise<SiteStart> {
  const newest = await changes.newest(site, streamPolicy.keptMessages);
  const isAll = newest.length < streamPolicy.keptMessages;
  const forgotten = (await relayOffset(db, site, 'retention')) ?? 0;
  const completeAfter = Math.max(forgotten, isAll ? 0 : (newest[0]?.position ?? 0));
  return { site, changes: newest.filter(({ position }) => position <= head), completeAfter };
}
