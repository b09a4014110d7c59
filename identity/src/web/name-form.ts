import { isIPv6 } from 'node:net';

/** The eight groups of an IPv6 address, hexadecimal without leading zeros. */
export function groupsOf(address: string): readonly string[] {
  // URL writes hexadecimal groups only, the longest row of zeros as `::`.
  const { hostname } = new URL(`http://[${address}]/`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
}

/** A name or an address in the one form in which two can be compared. */
export const inFull = (name: string): string =>
  isIPv6(name) ? groupsOf(name).join(':') : name.toLowerCase();
