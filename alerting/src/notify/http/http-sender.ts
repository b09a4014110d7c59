import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { notifyPolicy } from '../policy.ts';
import { Undelivered } from '../undelivered.ts';
import type { AddressRules } from './address-rules.ts';
import { checkedLookup, checkLiteralHost, type Resolve, webAddress } from './checked-lookup.ts';
import { connectionFault } from './connection-fault.ts';
import { retryAfterMs } from './retry-after.ts';

/** What is sent. */
export interface HttpMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether what the answer says matters, beyond its status. */
  readonly readsAnswer: boolean;
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  /** How long the receiver wants to be left alone. */
  readonly afterMs?: number;
  /** Empty where nobody reads it. */
  readonly body: string;
}

/** What an {@link HttpSender} is made of. */
export interface HttpSenderOptions {
  readonly rules: AddressRules;
  readonly deadlineMs?: number;
  readonly answerBytes?: number;
  readonly resolve?: Resolve;
}

async function bodyOf(response: IncomingMessage, atMost: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > atMost) throw new Undelivered({ outcome: 'retry', code: 'notify.answer_unreadable' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Posts to addresses that people entered: only where the rules allow, to the very address that was judged,
 * with a deadline over everything, an answer of limited size, no redirect and no proxy.
 */
export class HttpSender {
  readonly #options: HttpSenderOptions & { readonly deadlineMs: number; readonly answerBytes: number };

  constructor(options: HttpSenderOptions) {
    const { deadlineMs, answerBytes } = notifyPolicy;
    this.#options = { deadlineMs, answerBytes, ...options };
  }

  /** @throws Undelivered when there is no answer, or none that may be read */
  async post(
    { url: address, headers, body, readsAnswer }: HttpMessage,
    ended: AbortSignal,
  ): Promise<HttpAnswer> {
    const { rules, resolve } = this.#options;
    const url = webAddress(address);
    const isEncrypted = url.protocol === 'https:';
    checkLiteralHost(url, rules, isEncrypted);
    const deadline = AbortSignal.timeout(this.#options.deadlineMs);
    const request = (isEncrypted ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { 'user-agent': 'watchpost', ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      lookup: checkedLookup(rules, isEncrypted, resolve),
      maxHeaderSize: notifyPolicy.answerHeaderBytes,
      signal: AbortSignal.any([ended, deadline]),
    });
    // What fails while the answer is read fails the reading too.
    request.on('error', () => undefined);
    try {
      request.end(body);
      const [response]: IncomingMessage[] = await once(request, 'response');
      if (!response) throw new Error('no response');
      const afterMs = retryAfterMs(response.headers['retry-after'], Date.now());
      return {
        status: response.statusCode ?? 0,
        ...(afterMs === undefined ? {} : { afterMs }),
        body: readsAnswer ? await bodyOf(response, this.#options.answerBytes) : '',
      };
    } catch (failure) {
      throw connectionFault(failure, ended, deadline);
    } finally {
      request.destroy();
    }
  }
}
