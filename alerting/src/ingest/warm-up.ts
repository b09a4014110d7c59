import { type StoredEvent, sourceOf } from '@watchpost/contracts/wire';
import type { ChangeLog } from '../store/change-log.ts';
import { commitIn } from './commit-batch.ts';
import type { DecisionContext } from './decision-context.ts';
import { emptyBatch } from './ingest-batch.ts';

/** Takes the commit back. */
class RolledBack extends Error {}

/**
 * Commits an event that nobody sent, and takes all of it back. The first commit of a process compiles code
 * and reads catalogues, for seconds on the embedded database, which has one connection for everybody: better
 * before there is an alarm than with it.
 */
export async function warmUpCommit(
  changes: Pick<ChangeLog, 'commit'>,
  context: DecisionContext,
): Promise<void> {
  const { directory, newId, nowMs } = context;
  const device = directory.site.devices[0];
  if (!device) return;
  const event = {
    specversion: '1.0',
    id: newId(),
    source: sourceOf(directory.site.id, device.id),
    type: 'watchpost.sensor.alarm.v1',
    time: new Date(nowMs).toISOString(),
    subject: device.zone,
    data: { kind: 'smoke' },
    gateway: device.gateway,
    epoch: newId().replaceAll('-', ''),
    seq: 1,
  } as StoredEvent;
  const incoming = { event, gateway: device.gateway, device, topic: '', receivedMs: nowMs, late: false };
  const commit = changes.commit(async (tx, append) => {
    await commitIn(tx, append, { ...emptyBatch, events: [incoming] }, context);
    throw new RolledBack();
  });
  await commit.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}
