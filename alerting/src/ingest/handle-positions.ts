import { WatchpostError } from '@watchpost/contracts/errors';
import { wireLimits } from '@watchpost/contracts/wire';
import { eventName, storedUnderOtherEpoch } from '../store/event-store.ts';
import { type EpochKey, storedIds } from '../store/position-store.ts';
import type { NewReject } from '../store/reject-store.ts';
import type { Queryable } from '../store/schema.ts';
import {
  epochName,
  type LockedWatermark,
  lockWatermarks,
  type MovedWatermark,
  saveWatermarks,
} from '../store/watermark-store.ts';
import type { IncomingCanary, IncomingEvent, IngestBatch } from './ingest-batch.ts';
import { type NewId, toReject } from './to-reject.ts';
import { advance, isHandled } from './watermark.ts';

/** The contiguous watermark of an epoch after a commit. */
export interface EpochPosition {
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
}

/** What was not handled before. */
export interface NewlyHandled {
  readonly events: readonly IncomingEvent[];
  readonly rejects: readonly NewReject[];
  readonly canaries: readonly IncomingCanary[];
  /** Events that were stored already and came again. */
  readonly repeats: number;
}

interface Positioned {
  readonly epoch: string;
  readonly seq: number;
  readonly item:
    | { readonly event: IncomingEvent }
    | { readonly reject: NewReject }
    | { readonly canary: IncomingCanary };
}

/** What of a batch names positions of one epoch, in order of arrival. */
interface EpochGroup {
  readonly gateway: string;
  readonly epoch: string;
  readonly positioned: Positioned[];
}

/** Everything in the batch that names a position, by gateway and epoch. */
function positionedByEpoch(batch: IngestBatch): Map<string, EpochGroup> {
  const groups = new Map<string, EpochGroup>();
  const add = (gateway: string, one: Positioned) => {
    const key = `${gateway} ${one.epoch}`;
    const group = groups.get(key) ?? { gateway, epoch: one.epoch, positioned: [] };
    group.positioned.push(one);
    groups.set(key, group);
  };
  for (const event of batch.events) {
    add(event.gateway, { epoch: event.event.epoch, seq: event.event.seq, item: { event } });
  }
  for (const { reject, position } of batch.rejects) {
    if (position) add(position.gateway, { ...position, item: { reject } });
  }
  for (const canary of batch.canaries) {
    const { gateway, position } = canary;
    if (position) add(gateway, { ...position, item: { canary } });
  }
  return groups;
}

/** A repeat is the same event; another event at a handled position comes from a copy of the gateway. */
async function findDuplicateIdentities(
  tx: Queryable,
  key: EpochKey,
  repeats: readonly IncomingEvent[],
  accepted: ReadonlyMap<number, string>,
  newId: NewId,
): Promise<NewReject[]> {
  const stored = await storedIds(
    tx,
    key,
    repeats.map(({ event }) => event),
  );
  return repeats.flatMap(({ event, device, topic, receivedMs }) => {
    const known = accepted.get(event.seq) ?? stored.get(event.seq);
    // The database writes ids in lower case.
    if (known === undefined || known === event.id.toLowerCase()) return [];
    const payload = Buffer.from(JSON.stringify(event));
    const parsed = { name: 'up', site: key.site, gateway: key.gateway } as const;
    const error = new WatchpostError('wire.duplicate_identity', { path: '/seq' });
    return [toReject({ topic, parsed, payload, receivedMs }, error, newId, payload, device.id)];
  });
}

/**
 * Events that were delivered before under another epoch: an outbox that is numbered anew keeps its events'
 * ids, and the store may have some of them. Only what was captured before the epoch was first heard of can be
 * one, of a gateway that has had another.
 */
async function findRenumbered(
  tx: Queryable,
  site: string,
  groups: readonly EpochGroup[],
  locked: ReadonlyMap<string, LockedWatermark>,
): Promise<ReadonlySet<string>> {
  const perhaps = groups.flatMap(({ gateway, epoch, positioned }) => {
    const { firstSeenMs = 0, hasOthers = false } = locked.get(epochName({ gateway, epoch })) ?? {};
    if (!hasOthers) return [];
    const untilMs = firstSeenMs + wireLimits.maxFutureMs;
    const events = positioned.flatMap(({ item }) => ('event' in item ? [item.event.event] : []));
    return events.flatMap((event) => (Date.parse(event.time) < untilMs ? [{ gateway, epoch, event }] : []));
  });
  return storedUnderOtherEpoch(tx, site, perhaps);
}

/**
 * Sorts the batch into what is new and what was handled before, and moves the watermarks over all of it.
 * Exact: a position counts once, whatever time the event carries, because the watermark row is locked until
 * the commit.
 */
export async function handlePositions(
  tx: Queryable,
  site: string,
  batch: IngestBatch,
  newId: NewId,
  nowMs: number,
): Promise<{ readonly receipts: EpochPosition[]; readonly fresh: NewlyHandled }> {
  const events: IncomingEvent[] = [];
  const rejects: NewReject[] = batch.rejects.flatMap(({ reject, position }) => (position ? [] : [reject]));
  const canaries = batch.canaries.filter(({ position }) => !position);
  const receipts: EpochPosition[] = [];
  let repeats = 0;
  const groups = [...positionedByEpoch(batch)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const keys = groups.map(({ gateway, epoch }) => ({ site, gateway, epoch }));
  // All of them at once: a commit of many gateways waits for as few answers as one of a single gateway.
  const locked = await lockWatermarks(tx, site, keys, new Date(nowMs).toISOString());
  const renumbered = await findRenumbered(tx, site, groups, locked);
  const moved: MovedWatermark[] = [];
  for (const { gateway, epoch, positioned } of groups) {
    const key = { site, gateway, epoch };
    const before = locked.get(epochName(key));
    if (!before) throw new Error(`no watermark of ${epochName(key)}`);
    const accepted = new Map<number, string>();
    const handled = new Set<number>();
    const repeated: IncomingEvent[] = [];
    for (const { seq, item } of positioned) {
      if (isHandled(before, seq) || handled.has(seq)) {
        if ('event' in item) repeated.push(item.event);
        continue;
      }
      handled.add(seq);
      if ('event' in item && renumbered.has(eventName(gateway, item.event.event))) repeats++;
      else if ('event' in item) {
        accepted.set(seq, item.event.event.id.toLowerCase());
        events.push(item.event);
      } else if ('canary' in item) canaries.push(item.canary);
      else rejects.push(item.reject);
    }
    repeats += repeated.length;
    rejects.push(...(await findDuplicateIdentities(tx, key, repeated, accepted, newId)));
    const after = advance(before, handled);
    moved.push({ key, before, after });
    receipts.push({ gateway, epoch, seq: after.seq });
  }
  await saveWatermarks(tx, site, moved);
  return { receipts, fresh: { events, rejects, canaries, repeats } };
}
