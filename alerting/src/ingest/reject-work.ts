import { WatchpostError } from '@watchpost/contracts/errors';
import { isDataError } from '../store/database-error.ts';
import { type Message, type NewId, toReject } from './to-reject.ts';
import { noWork, type Work } from './work.ts';

/** Work that the database refuses for its content becomes rejects that keep its positions. */
export function rejectWork(work: Work, cause: unknown, site: string, newId: NewId): Work {
  const error = new WatchpostError(isDataError(cause) ? 'wire.schema' : 'store.dead_letter', { path: '/' });
  const rejects = work.events.map(({ event, gateway, device, topic, receivedMs }) => {
    const payload = Buffer.from(JSON.stringify(event));
    const message: Message = { topic, parsed: { name: 'up', site, gateway }, payload, receivedMs };
    const reject = toReject(message, error, newId, payload, device.id);
    return { reject, position: { gateway, epoch: event.epoch, seq: event.seq } };
  });
  return { ...noWork, rejects };
}
