import type { Socket } from 'node:net';
import { BlockList, isIP } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyRequest } from 'fastify';

/** How people reach a listener. */
export interface PublicAddressOptions {
  /** The address that people type, e.g. `https://watch.example`, when it is not the listener’s own. */
  readonly publicUrl?: string | undefined;
  /**
   * Addresses or networks (CIDR) of reverse proxies whose `x-forwarded-for` and `x-forwarded-proto` are
   * believed.
   */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Takes credentials over plain HTTP from other computers: only where nobody can listen. */
  readonly insecure?: boolean | undefined;
  /** The listener itself speaks TLS. */
  readonly isTls?: boolean | undefined;
  /** Further names and addresses by which the listener may be called. */
  readonly names?: readonly string[] | undefined;
  /** Marks cookies `Secure`; default: when `publicUrl` is HTTPS, or the listener speaks TLS. */
  readonly secureCookie?: boolean | undefined;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^\[|\]$/g, '');

/** Whether an address is this computer’s own loopback. */
export function isLoopback(address: string): boolean {
  const bare = plain(address);
  const family = isIP(bare);
  return family !== 0 && loopback.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * What a listener knows of its own address: which hosts and origins are its own, and whether a request is
 * safe on the way.
 */
export class PublicAddress {
  readonly url: URL | undefined;
  readonly trustedProxies: readonly string[];
  readonly isCookieSecure: boolean;
  /** What holds for other listeners of ours too. */
  readonly beside: PublicAddressOptions;
  readonly isInsecure: boolean;
  /** Of the listener’s own. */
  readonly protocol: 'http' | 'https';
  readonly #names: ReadonlySet<string>;
  /** Whether an address is one of the trusted proxies. */
  readonly isTrustedProxy: (address: string) => boolean;

  /** @throws WatchpostError `config.invalid` for an address that is no origin */
  constructor(options: PublicAddressOptions) {
    const { publicUrl, trustedProxies = [], insecure = false, secureCookie, isTls = false } = options;
    this.url = publicUrl === undefined ? undefined : originUrl(publicUrl);
    this.protocol = isTls ? 'https' : 'http';
    this.#names = new Set(options.names?.map(asHostname));
    this.trustedProxies = trustedProxies;
    this.isCookieSecure = secureCookie ?? (isTls || this.url?.protocol === 'https:');
    this.isInsecure = insecure;
    this.beside = { ...options, publicUrl: undefined, secureCookie: this.isCookieSecure };
    this.isTrustedProxy = trust(trustedProxies);
  }

  /**
   * Whether the `Host` is one by which this listener may be called: the public address, a name it was given,
   * an address of the interface that the connection came in on, or loopback’s names on loopback. Any other
   * name may be an attacker’s that resolves to us (DNS rebinding).
   */
  isOwnHost({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
    const { host } = headers;
    if (host === undefined || !URL.canParse(`http://${host}`)) return false;
    const { hostname, host: normal, username, pathname } = new URL(`http://${host}`);
    if (username !== '' || pathname !== '/') return false;
    if (this.url && (normal === this.url.host || `${hostname}:${portOf(this.url)}` === normal)) return true;
    if (this.#names.has(hostname)) return true;
    const name = plain(hostname);
    const reached = addressReached(socket);
    if (isLoopback(reached)) return name === 'localhost' || isLoopback(name);
    return isIP(name) !== 0 && name === plain(reached);
  }

  /** Whether a page of this origin is ours, asked for under this `Host`. */
  isOwnOrigin(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    if (this.url && page.origin === this.url.origin) return true;
    // Through URL, so that a default port that only one of them spells out makes no difference.
    const ours = `${page.protocol}//${host}`;
    return URL.canParse(ours) && new URL(ours).host === page.host;
  }

  /**
   * Whether nobody on the way can have read the request: HTTPS up to a proxy of ours, or this computer, or so
   * configured.
   */
  isConfidential(request: Pick<FastifyRequest, 'protocol' | 'ip'>): boolean {
    return this.isInsecure || request.protocol === 'https' || isLoopback(request.ip);
  }

  /** The port that people see; cookies of other Watchposts on this host have another one in their name. */
  portSeen(socket: Socket): string {
    return this.url ? portOf(this.url) : String(socket.localPort ?? '');
  }
}

/** A name as a URL writes it: small letters, IPv6 addresses shortened and in brackets. */
const asHostname = (name: string): string =>
  new URL(`http://${name.includes(':') ? `[${name}]` : name}`).hostname;

/** @throws WatchpostError `config.invalid` for what is no address and no network */
function trust(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
    if (
      isIP(address) === 0 ||
      more.length > 0 ||
      !Number.isInteger(prefix) ||
      prefix > (family === 'ipv6' ? 128 : 32)
    ) {
      const details = { expected: 'an IP address or a network such as 10.0.0.0/8' };
      throw new WatchpostError('config.invalid', { path: '/http/trustedProxies', details });
    }
    list.addSubnet(address, prefix, family);
  }
  return (address) => {
    const bare = plain(address);
    const family = isIP(bare);
    return family !== 0 && list.check(bare, family === 6 ? 'ipv6' : 'ipv4');
  };
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');

/** Under `inject` there is no connection; that counts as loopback. */
const addressReached = (socket: Socket | undefined): string => socket?.localAddress ?? '127.0.0.1';

function originUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.username;
  if (!isOrigin) {
    const details = { expected: 'https://host[:port] without a path' };
    throw new WatchpostError('config.invalid', { path: '/http/publicUrl', details });
  }
  return url;
}

/**
 * Refuses to listen where credentials would come in the clear from other computers.
 * @throws WatchpostError `config.plain_credentials`
 */
export function assertConfidentialListener(host: string, options: PublicAddressOptions): void {
  const { publicUrl, trustedProxies = [], insecure = false, isTls = false } = options;
  if (insecure || isTls || host === 'localhost' || isLoopback(host)) return;
  if (publicUrl?.startsWith('https:') && trustedProxies.length > 0) return;
  throw new WatchpostError('config.plain_credentials', { path: '/http/host', details: { host } });
}
