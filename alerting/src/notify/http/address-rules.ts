import { BlockList, isIP } from 'node:net';

/**
 * Networks of the IANA special-purpose registries (RFC 6890): this computer, links, private networks,
 * documentation, multicast, and those of IPv6 that lead to any IPv4 address.
 */
const special = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

const refused = blockList(special);

/** Which addresses notices may be sent to. */
export class AddressRules {
  readonly #allowed: BlockList;

  /** @param allowNetworks networks (`10.0.0.0/8`) that are allowed all the same, without TLS too */
  constructor(allowNetworks: readonly string[] = []) {
    this.#allowed = blockList(allowNetworks);
  }

  /**
   * Whether an address is public or allowed; IPv4 within IPv6 (`::ffff:…`) is judged as IPv4. Without TLS
   * nothing goes to public ones.
   */
  allows(address: string, isEncrypted: boolean): boolean {
    const version = isIP(address);
    if (version === 0) return false;
    const family = version === 6 ? 'ipv6' : 'ipv4';
    return (isEncrypted && !refused.check(address, family)) || this.#allowed.check(address, family);
  }
}
