import type { ChannelAddress, ChannelKind, OutgoingNotice } from '@watchpost/contracts/api';
import type { Channel, Delivery } from './channel.ts';

/** The channels of a server, by kind. */
export class Channels {
  readonly #byKind: ReadonlyMap<ChannelKind, Channel>;

  constructor(channels: readonly Channel[]) {
    this.#byKind = new Map(channels.map((channel) => [channel.kind, channel]));
  }

  /** Tries once by the channel of the address; `notify.channel_unknown` where there is none. */
  async send(notice: OutgoingNotice, address: ChannelAddress, signal: AbortSignal): Promise<Delivery> {
    const channel = this.#byKind.get(address.kind);
    if (!channel) return { outcome: 'refused', code: 'notify.channel_unknown' };
    return channel.send(notice, address, signal);
  }
}
