import type { ChannelAddress, ChannelKind, OutgoingNotice } from '@watchpost/contracts/api';
import type { ErrorCode } from '@watchpost/contracts/errors';

export type DeliveryCode = Extract<ErrorCode, `notify.${string}`>;

/**
 * What became of one try. `retry`: it may succeed later, not before `afterMs` where the receiver said so.
 * `refused`: it will not until somebody changes settings, here or at the receiver.
 */
export type Delivery =
  | { readonly outcome: 'sent'; readonly remoteId?: string }
  | { readonly outcome: 'retry'; readonly code: DeliveryCode; readonly afterMs?: number }
  | { readonly outcome: 'refused'; readonly code: DeliveryCode };

/** The address of one kind of channel. */
export type AddressOf<Kind extends ChannelKind> = Extract<ChannelAddress, { readonly kind: Kind }>;

/**
 * One way to tell somebody. A try has a deadline of its own; it never rejects for what the world does, and
 * neither its outcome nor an error carries an address, a key or a password.
 */
export interface Channel<Kind extends ChannelKind = ChannelKind> {
  readonly kind: Kind;
  /**
   * Tries once. The id of the notice travels along, so that the receiver can tell a repeat.
   * @param signal ends the try at once: `retry` with `notify.interrupted`
   */
  send(notice: OutgoingNotice, address: AddressOf<Kind>, signal: AbortSignal): Promise<Delivery>;
}
