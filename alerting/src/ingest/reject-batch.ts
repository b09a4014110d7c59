import { WatchpostError } from '@watchpost/contracts/errors';
import { gatewayTopic } from '@watchpost/contracts/wire';
import { isDataError } from '../store/database-error.ts';
import { emptyBatch, type IngestBatch } from './ingest-batch.ts';
import { type Message, type NewId, toReject } from './to-reject.ts';

/** A batch that the database refuses for its content becomes rejects that keep its positions. */
export function rejectBatch(
  batch: IngestBatch,
  cause: unknown,
  site: string,
  newId: NewId,
  nowMs: number,
): IngestBatch {
  const error = new WatchpostError(isDataError(cause) ? 'wire.schema' : 'store.dead_letter', { path: '/' });
  const rejects = batch.events.map(({ event, gateway, device, topic, receivedMs }) => {
    const payload = Buffer.from(JSON.stringify(event));
    const message: Message = { topic, parsed: { name: 'up', site, gateway }, payload, receivedMs };
    const reject = toReject(message, error, newId, payload, device.id);
    return { reject, position: { gateway, epoch: event.epoch, seq: event.seq } };
  });
  const canaries = batch.canaries.flatMap(({ gateway, position, ...canary }) => {
    if (!position) return [];
    const topic = gatewayTopic('up', site, gateway);
    const payload = Buffer.from(JSON.stringify({ gateway, ...canary, ...position }));
    const message: Message = { topic, parsed: { name: 'up', site, gateway }, payload, receivedMs: nowMs };
    return [{ reject: toReject(message, error, newId), position: { gateway, ...position } }];
  });
  return { ...emptyBatch, rejects: [...rejects, ...canaries] };
}
