import type { ChannelAddress, OutgoingNotice } from '@watchpost/contracts/api';
import type { Delivery } from '../notify/channel.ts';

/** Answers for what the fake takes. */
export type FakeAnswer = (notice: OutgoingNotice, signal: AbortSignal) => Delivery | Promise<Delivery>;

/** Channels of which a test says what their receivers do, by the address of a webhook. */
export class FakeChannels {
  /** What was tried, in order. */
  readonly tried: { readonly url: string; readonly notice: OutgoingNotice }[] = [];
  readonly #answers = new Map<string, FakeAnswer>();

  answer(url: string, answer: FakeAnswer): void {
    this.#answers.set(url, answer);
  }

  async send(notice: OutgoingNotice, address: ChannelAddress, signal: AbortSignal): Promise<Delivery> {
    const url = address.kind === 'webhook' && typeof address.url === 'string' ? address.url : address.kind;
    this.tried.push({ url, notice });
    return (this.#answers.get(url) ?? (() => ({ outcome: 'sent' as const })))(notice, signal);
  }

  /** What one receiver was told, as `kind subject`. */
  toldTo(url: string): string[] {
    return this.tried
      .filter((one) => one.url === url)
      .map(({ notice }) => `${notice.kind} ${notice.subject}`);
  }
}
