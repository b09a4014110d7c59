import { join } from 'node:path';
import type { Logger } from 'pino';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { EdgeAgentConfig } from '../config.ts';
import { diskPolicy } from '../policy.ts';
import { type DiskTrouble, diskTrouble } from '../storage/disk-trouble.ts';
import { ReserveSpace } from '../storage/reserve-space.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { inMemory, readUnwritable } from './outbox-file.ts';

/** Where the events of a gateway wait. */
export interface Outboxes {
  readonly outbox: Outbox;
  /**
   * In memory, beside the outbox on disk: takes events while that takes none. Absent when the outbox itself
   * is in memory.
   */
  readonly overflow: Outbox | undefined;
  /** What is wrong with the disk, if anything. */
  trouble(): DiskTrouble | null;
  close(): void;
}

export interface OutboxesOptions {
  readonly clock: Pick<GatewayClock, 'stamp' | 'offsetOf'>;
  readonly log: Logger;
  /** Why the data folder could not be made. */
  readonly folderTrouble: DiskTrouble | null;
  onCorrupt(file: string): void;
}

/**
 * Opens the outbox on disk with one in memory beside it, or, on a disk that takes nothing, one in memory
 * alone with the events that wait on the disk: a gateway that cannot write alarms all the same, and says so.
 * @throws WatchpostError `config.data_folder` when another process holds the file
 */
export function openOutboxes(
  { dataFolder, site, gateway, outbox: { maxBytes } }: EdgeAgentConfig,
  { clock, log, folderTrouble, onCorrupt }: OutboxesOptions,
): Outboxes {
  const path = join(dataFolder, 'outbox.sqlite');
  const identity = { site, gateway, clock, now: Date.now } satisfies Partial<OutboxOptions>;
  const memory = new Outbox({ ...identity, path: inMemory, maxBytes: diskPolicy.memoryBytes });
  const reserve = new ReserveSpace(join(dataFolder, 'outbox.reserve'), diskPolicy.reserveBytes);
  const open = () => new Outbox({ ...identity, path, maxBytes, reserve, onCorrupt });
  const outbox = folderTrouble === null ? tryTwice(open, reserve) : folderTrouble;
  if (outbox instanceof Outbox) {
    if (!reserve.make()) outbox.noRoom();
    return {
      outbox,
      overflow: memory,
      trouble: () => outbox.trouble,
      close: () => {
        outbox.close();
        memory.close();
      },
    };
  }
  memory.takeOver(readUnwritable(path));
  log.error({ code: outbox, events: memory.depth }, 'the disk takes nothing: events live in memory only');
  return { outbox: memory, overflow: undefined, trouble: () => outbox, close: () => memory.close() };
}

/** Gives up the reserve and tries again where there is no room to open the file. */
function tryTwice(open: () => Outbox, reserve: ReserveSpace): Outbox | DiskTrouble {
  try {
    return open();
  } catch (first) {
    const trouble = diskTrouble(first);
    if (trouble === null) throw first;
    if (!reserve.giveUp()) return trouble;
  }
  try {
    return open();
  } catch (second) {
    const trouble = diskTrouble(second);
    if (trouble === null) throw second;
    return trouble;
  }
}
