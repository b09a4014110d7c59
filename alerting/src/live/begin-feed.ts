import type { ChangeLog } from '../store/change-log.ts';
import { relayOffset } from '../store/relay-offsets.ts';
import type { Queryable } from '../store/schema.ts';
import { serverKey } from '../store/server-key.ts';
import type { LiveFeed } from './live-feed.ts';
import { streamPolicy } from './policy.ts';

/**
 * Gives a feed what happened to alerts before this process began, so that readers of an earlier one can go
 * on. Returns the position after which the feed is to be told.
 */
export async function beginFeed(
  feed: LiveFeed,
  { db, changes, site }: { readonly db: Queryable; readonly changes: ChangeLog; readonly site: string },
): Promise<number> {
  // Random, made with the database; it names the log and guards nothing.
  const log = (await serverKey(db, 'alert_change')).subarray(0, 6).toString('hex');
  const newest = await changes.newest(site, streamPolicy.keptMessages);
  const head = newest.at(-1)?.position ?? (await changes.head());
  const isAll = newest.length < streamPolicy.keptMessages;
  const forgotten = (await relayOffset(db, site, 'retention')) ?? 0;
  const completeAfter = Math.max(forgotten, isAll ? 0 : (newest[0]?.position ?? 0));
  feed.begin({ log, changes: newest, completeAfter, head });
  return head;
}
