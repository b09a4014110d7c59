import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PublicAddress } from './public-address.ts';

/** A cookie for the whole host, closed to scripts and other sites. */
export class HostCookie {
  readonly #name: string;
  readonly #address: PublicAddress;
  readonly #sameSite: 'strict' | 'lax';

  /**
   * Browsers send a cookie to every port of its host, so the name carries the port that people see: another
   * Watchpost on this host has another cookie. Over HTTPS it is a `__Host-` cookie (RFC 6265bis §4.1.3.2):
   * set by this host alone. `lax`: it comes along when another site sends the browser here.
   */
  constructor(name: string, address: PublicAddress, sameSite: 'strict' | 'lax' = 'strict') {
    this.#name = name;
    this.#address = address;
    this.#sameSite = sameSite;
  }

  nameFor(request: FastifyRequest): string {
    const port = this.#address.portSeen(request.socket);
    const name = port === '' ? this.#name : `${this.#name}_${port}`;
    return this.#address.isCookieSecure ? `__Host-${name}` : name;
  }

  read(request: FastifyRequest): string | undefined {
    return request.cookies[this.nameFor(request)];
  }

  set(request: FastifyRequest, reply: FastifyReply, value: string, lifeMs: number): void {
    reply.setCookie(this.nameFor(request), value, { ...this.attributes, maxAge: Math.floor(lifeMs / 1000) });
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    reply.clearCookie(this.nameFor(request), this.attributes);
  }

  get isSecure(): boolean {
    return this.#address.isCookieSecure;
  }

  /** Of every cookie of ours. */
  get attributes() {
    const secure = this.#address.isCookieSecure;
    return { path: '/', httpOnly: true, sameSite: this.#sameSite, secure } as const;
  }
}

/**
 * Whether a cookie is one of ours, whatever its port and prefix: what serves other people’s code must not see
 * it.
 */
export const isOwnCookie = (name: string): boolean => /^(__Host-|__Secure-)?wp_/i.test(name.trim());
