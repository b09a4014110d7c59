import type { Severity } from '@watchpost/contracts/alert';
import type { NoticeLanguage, NtfyAddress, OutgoingNotice } from '@watchpost/contracts/api';
import { z } from 'zod';
import type { Channel, Delivery } from '../channel.ts';
import { deliveryOfStatus } from '../http/delivery-of-status.ts';
import type { HttpSender } from '../http/http-sender.ts';
import { ntfyPolicy } from '../policy.ts';
import type { SecretReader } from '../secrets.ts';
import { cutToBytes } from '../text/cut-to-bytes.ts';
import { headline } from '../text/notice-text.ts';
import { settle } from '../undelivered.ts';

/** docs.ntfy.sh/publish/#message-priority: 5 rings through “do not disturb”. */
const priorities: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };

const answerSchema = z.object({ id: z.string().max(100) });

function remoteIdOf(body: string): { remoteId?: string } {
  try {
    return { remoteId: answerSchema.parse(JSON.parse(body)).id };
  } catch {
    return {};
  }
}

const acknowledgeLabels: Readonly<Record<NoticeLanguage, string>> = { en: 'Take it', 'zh-CN': '受理' };

/** A button that opens the page; nothing is done before somebody presses there. */
const actionsOf = ({ acknowledge, language }: OutgoingNotice): object =>
  acknowledge === undefined
    ? {}
    : { actions: [{ action: 'view', label: acknowledgeLabels[language], url: acknowledge }] };

/** Notices to phones by a topic of an ntfy server (docs.ntfy.sh/publish/#publish-as-json). */
export class NtfyChannel implements Channel<'ntfy'> {
  readonly kind = 'ntfy';
  readonly #http: HttpSender;
  readonly #secret: SecretReader;

  constructor(http: HttpSender, secret: SecretReader) {
    this.#http = http;
    this.#secret = secret;
  }

  send(notice: OutgoingNotice, address: NtfyAddress, signal: AbortSignal): Promise<Delivery> {
    return settle(async () => {
      const { server, token } = address;
      const topic = typeof address.topic === 'string' ? address.topic : this.#secret(address.topic.secret);
      const headers = {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${this.#secret(token)}` }),
      };
      const body = JSON.stringify({
        topic,
        title: cutToBytes(headline(notice), ntfyPolicy.titleBytes),
        message: cutToBytes(notice.body.trim() || notice.title, ntfyPolicy.textBytes),
        priority: priorities[notice.severity],
        ...(notice.link === undefined ? {} : { click: notice.link }),
        ...actionsOf(notice),
        // A repeat takes the place of the first on the phone; older servers leave it out.
        sequence_id: notice.id,
      });
      const answer = await this.#http.post({ url: server, headers, body, readsAnswer: true }, signal);
      const delivery = deliveryOfStatus(answer.status, answer.afterMs);
      return delivery.outcome === 'sent' ? { ...delivery, ...remoteIdOf(answer.body) } : delivery;
    });
  }
}
