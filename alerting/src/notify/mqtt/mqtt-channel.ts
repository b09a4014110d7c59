import type { MqttAddress, OutgoingNotice } from '@watchpost/contracts/api';
import { noticeTopic } from '@watchpost/contracts/wire';
import type { Channel, Delivery } from '../channel.ts';
import { connectionFault } from '../http/connection-fault.ts';
import { notifyPolicy } from '../policy.ts';
import { settle, Undelivered } from '../undelivered.ts';

/** A site’s link to the broker: whether it was up, and `done` once the broker has the message. */
export type PublishNotice = (topic: string, payload: string, done: () => void) => boolean;

/**
 * Notices to programs and devices at our broker, on one topic of the site. Sent means that the broker has it:
 * who is not connected then is not told, and finds what is open among the retained alerts.
 */
export class MqttChannel implements Channel<'mqtt'> {
  readonly kind = 'mqtt';
  readonly #linkOf: (site: string) => PublishNotice | undefined;
  readonly #deadlineMs: number;

  constructor(
    linkOf: (site: string) => PublishNotice | undefined,
    deadlineMs: number = notifyPolicy.deadlineMs,
  ) {
    this.#linkOf = linkOf;
    this.#deadlineMs = deadlineMs;
  }

  send(notice: OutgoingNotice, { receiver }: MqttAddress, ended: AbortSignal): Promise<Delivery> {
    return settle(async () => {
      const publish = this.#linkOf(notice.site);
      if (!publish) return { outcome: 'refused', code: 'notify.channel_unknown' };
      const deadline = AbortSignal.timeout(this.#deadlineMs);
      const until = AbortSignal.any([ended, deadline]);
      if (ended.aborted) throw connectionFault(undefined, ended, deadline);
      const payload = JSON.stringify({ version: 1, receiver, ...notice });
      await new Promise<void>((resolve, reject) => {
        until.addEventListener('abort', () => reject(connectionFault(undefined, ended, deadline)), {
          once: true,
        });
        if (!publish(noticeTopic(notice.site), payload, resolve))
          reject(new Undelivered({ outcome: 'retry', code: 'notify.unreachable' }));
      });
      return { outcome: 'sent' };
    });
  }
}
