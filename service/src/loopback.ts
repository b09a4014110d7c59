const ipv4Loopback = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** Whether only this computer can reach the host: a name or an address, IPv6 with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return plain === 'localhost' || plain === '::1' || ipv4Loopback.test(plain.replace(/^::ffff:/, ''));
}

/**
 * Whether what is sent to this address can be read on the way: no TLS, and another computer. An address that
 * cannot be read counts.
 */
export function isReadableOnTheWay(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  const isEncrypted = ['mqtts:', 'wss:', 'https:', 'rediss:'].includes(protocol);
  return !isEncrypted && !isLoopbackHost(hostname);
}
