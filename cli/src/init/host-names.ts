import { hostname as hostnameOfMachine, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { isHostName } from '@watchpost/contracts/site';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * How this computer is reached by others, as far as it knows: its name, on a small network also with
 * `.local` (multicast DNS), and its IPv4 addresses but those of links without a server (RFC 3927).
 */
export function ownNames(
  hostname: string = hostnameOfMachine(),
  interfaces: Interfaces = networkInterfaces(),
): readonly string[] {
  const name = hostname.toLowerCase();
  const isUsable = isHostName(name) && name !== 'localhost';
  const named = isUsable ? (name.includes('.') ? [name] : [name, `${name}.local`]) : [];
  const addresses = Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !/^169\.254\./.test(address))
    .map(({ address }) => address);
  return [...new Set([...named, ...addresses])];
}

/** By these the server reaches itself; its certificate is for them too. */
const loopbackNames = ['localhost', '127.0.0.1', '::1'] as const;

/** Names of the server’s certificate: those of its file, and those of loopback. */
export const certifiedNames = (names: readonly string[]): readonly string[] => [
  ...new Set([...names, ...loopbackNames]),
];
