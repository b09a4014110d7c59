import type { ChannelAddress } from '@watchpost/contracts/api';

const originOf = (url: string | { readonly secret: string }): string =>
  typeof url === 'string' ? new URL(url).origin : `secret ${url.secret}`;

/**
 * What has to work for a message to an address to arrive, by a name that tells two of them apart: receivers
 * with the same one fail together and work again together. An address that is a secret shares its server with
 * nobody who does not name the same secret; robots share that of their maker.
 */
export function sharedServer(address: ChannelAddress, site: string): string {
  switch (address.kind) {
    case 'webhook':
    case 'cap':
      return `http ${originOf(address.url)}`;
    case 'ntfy':
      return `http ${originOf(address.server)}`;
    case 'mqtt':
      return `mqtt ${site}`;
    default:
      return address.kind;
  }
}
