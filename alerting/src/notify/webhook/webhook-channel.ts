import type { OutgoingNotice, WebhookAddress } from '@watchpost/contracts/api';
import type { Channel, Delivery } from '../channel.ts';
import { deliveryOfStatus } from '../http/delivery-of-status.ts';
import type { HttpSender } from '../http/http-sender.ts';
import type { SecretReader } from '../secrets.ts';
import { settle } from '../undelivered.ts';
import { webhookSignature } from './webhook-signature.ts';

/**
 * Notices as JSON to a program. It has them when it answers 2xx; the header `idempotency-key` is the same in
 * each try.
 */
export class WebhookChannel implements Channel<'webhook'> {
  readonly kind = 'webhook';
  readonly #http: HttpSender;
  readonly #secret: SecretReader;
  readonly #nowMs: () => number;

  constructor(http: HttpSender, secret: SecretReader, nowMs: () => number = Date.now) {
    this.#http = http;
    this.#secret = secret;
    this.#nowMs = nowMs;
  }

  send(notice: OutgoingNotice, { url, key }: WebhookAddress, signal: AbortSignal): Promise<Delivery> {
    return settle(async () => {
      const body = JSON.stringify({ version: 1, ...notice });
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': notice.id,
        ...webhookSignature(this.#secret(key), body, this.#nowMs()),
      };
      const to = typeof url === 'string' ? url : this.#secret(url.secret);
      const answer = await this.#http.post({ url: to, headers, body, readsAnswer: false }, signal);
      return deliveryOfStatus(answer.status, answer.afterMs);
    });
  }
}
