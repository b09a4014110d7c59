import { WatchpostError } from '@watchpost/contracts/errors';
import { memoryEpochPrefix } from '@watchpost/contracts/wire';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { NewlyHandled } from './handle-positions.ts';
import type { IncomingReject } from './ingest-batch.ts';
import { type Message, type NewId, toReject } from './to-reject.ts';

/** What a commit showed of gateways that share an identity. */
export interface DuplicateGateways {
  /** To be shown anew. */
  readonly gateways: ReadonlySet<string>;
  /** One for each that was not known yet, so that it is counted. */
  readonly rejects: readonly IncomingReject[];
}

/** Notices two live copies of a gateway by what was new in a commit, and marks them in the registry. */
export function findDuplicateGateways(
  fresh: NewlyHandled,
  registry: GatewayRegistry,
  site: string,
  newId: NewId,
  nowMs: number,
): DuplicateGateways {
  const gateways = new Set<string>();
  const rejects: IncomingReject[] = [];
  for (const { event, gateway, topic } of fresh.events) {
    // An outbox in memory speaks beside that on the disk, of the same gateway.
    if (event.epoch.startsWith(memoryEpochPrefix)) continue;
    const { alternated, newlyDuplicate } = registry.takeEpoch(gateway, event.epoch);
    if (!alternated) continue;
    gateways.add(gateway);
    if (!newlyDuplicate) continue;
    const parsed = { name: 'up', site, gateway } as const;
    const message: Message = { topic, parsed, payload: new Uint8Array(), receivedMs: nowMs };
    rejects.push({ reject: toReject(message, new WatchpostError('wire.duplicate_identity'), newId) });
  }
  for (const { code, gateway } of fresh.rejects) {
    if (code !== 'wire.duplicate_identity' || gateway === null || gateways.has(gateway)) continue;
    if (registry.status(gateway)?.error === undefined) gateways.add(gateway);
    registry.markDuplicate(gateway);
  }
  return { gateways, rejects };
}
