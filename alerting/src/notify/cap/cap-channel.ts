import type { CapAddress, OutgoingNotice } from '@watchpost/contracts/api';
import type { Channel, Delivery } from '../channel.ts';
import { deliveryOfStatus } from '../http/delivery-of-status.ts';
import type { HttpSender } from '../http/http-sender.ts';
import type { SecretReader } from '../secrets.ts';
import { settle, Undelivered } from '../undelivered.ts';
import { webhookSignature } from '../webhook/webhook-signature.ts';
import { capOfNotice } from './cap-of-notice.ts';
import { writeCap } from './write-cap.ts';

/** @throws Undelivered for an area that is none: a polygon that is open or crosses itself */
function written(notice: OutgoingNotice, address: CapAddress): string {
  try {
    return writeCap(capOfNotice(notice, address));
  } catch (cause) {
    throw new Undelivered({ outcome: 'refused', code: 'notify.refused' }, cause);
  }
}

/** Notices to warning systems, as CAP 1.2 over HTTP, signed as webhooks are. */
export class CapChannel implements Channel<'cap'> {
  readonly kind = 'cap';
  readonly #http: HttpSender;
  readonly #secret: SecretReader;

  constructor(http: HttpSender, secret: SecretReader) {
    this.#http = http;
    this.#secret = secret;
  }

  send(notice: OutgoingNotice, address: CapAddress, signal: AbortSignal): Promise<Delivery> {
    return settle(async () => {
      const { url, key } = address;
      const body = written(notice, address);
      const headers = {
        'content-type': 'application/cap+xml; charset=utf-8',
        'idempotency-key': notice.id,
        ...webhookSignature(this.#secret(key), body, Date.now()),
      };
      const to = typeof url === 'string' ? url : this.#secret(url.secret);
      const answer = await this.#http.post({ url: to, headers, body, readsAnswer: false }, signal);
      return deliveryOfStatus(answer.status, answer.afterMs);
    });
  }
}
