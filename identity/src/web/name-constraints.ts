import { isIPv4, isIPv6 } from 'node:net';
import { Extension } from '../authority/x509.ts';
import { groupsOf } from './name-form.ts';

/** Tags of GeneralName (RFC 5280 §4.2.1.6) and of the two lists of names. */
const tags = { dns: 0x82, address: 0x87, permitted: 0xa0, excluded: 0xa1, sequence: 0x30 } as const;

/** DER of a value below 65,536 bytes (X.690 §8.1.3). */
function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const subtrees = (tag: number, bases: readonly Buffer[]): Buffer =>
  der(tag, Buffer.concat(bases.map((base) => der(tags.sequence, base))));

const dns = (name: string): Buffer => der(tags.dns, Buffer.from(name, 'ascii'));
/** An address with its mask. */
const network = (address: Uint8Array, maskByte: 0 | 255): Buffer =>
  der(tags.address, Buffer.concat([address, Buffer.alloc(address.length, maskByte)]));

/** The bytes of an address, 4 or 16. */
function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(
    groupsOf(address)
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  );
}

/**
 * The extension that keeps an authority to these DNS names, what is below them, and these addresses (RFC 5280
 * §4.2.1.10). A kind of name of which none is permitted is excluded as a whole, because what is not mentioned
 * would be free.
 */
export function nameConstraints(names: readonly string[]): Extension {
  const v4 = names.filter((name) => isIPv4(name));
  const v6 = names.filter((name) => isIPv6(name));
  const domains = names.filter((name) => !isIPv4(name) && !isIPv6(name));
  const permitted = [...domains.map(dns), ...[...v4, ...v6].map((name) => network(bytesOf(name), 255))];
  const excluded = [
    ...(domains.length === 0 ? [dns('')] : []),
    ...(v4.length === 0 ? [network(Buffer.alloc(4), 0)] : []),
    ...(v6.length === 0 ? [network(Buffer.alloc(16), 0)] : []),
  ];
  const value = der(
    tags.sequence,
    Buffer.concat([
      ...(permitted.length > 0 ? [subtrees(tags.permitted, permitted)] : []),
      ...(excluded.length > 0 ? [subtrees(tags.excluded, excluded)] : []),
    ]),
  );
  return new Extension('2.5.29.30', true, new Uint8Array(value));
}
