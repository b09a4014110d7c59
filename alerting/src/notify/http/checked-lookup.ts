import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Undelivered } from '../undelivered.ts';
import type { AddressRules } from './address-rules.ts';

/** Resolves a name to all its addresses. */
export type Resolve = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const systemResolve: Resolve = (host, done) => lookup(host, { all: true }, (error, all) => done(error, all));

const refusal = () => new Undelivered({ outcome: 'refused', code: 'notify.address_refused' });

/**
 * What a connection resolves its host with. It answers with allowed addresses alone, and the connection
 * goes to one of these: a name that changes its address between check and connection (DNS rebinding) gains
 * nothing.
 */
export const checkedLookup =
  (rules: AddressRules, isEncrypted: boolean, resolve: Resolve = systemResolve): LookupFunction =>
  (host, options, done) => {
    resolve(host, (error, addresses) => {
      if (error) return done(error, '', 0);
      const allowed = addresses.filter(({ address }) => rules.allows(address, isEncrypted));
      const first = allowed[0];
      if (!first) return done(refusal(), '', 0);
      if (options.all) return done(null, allowed);
      return done(null, first.address, first.family);
    });
  };

/**
 * Judges a host that is an address, for which nothing is resolved.
 * @throws Undelivered `notify.address_refused`
 */
export function checkLiteralHost({ hostname }: URL, rules: AddressRules, isEncrypted: boolean): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && !rules.allows(address, isEncrypted)) throw refusal();
}

/**
 * An address that somebody entered, or that a secret holds.
 * @throws Undelivered `notify.address_refused`
 */
export function webAddress(text: string): URL {
  if (!URL.canParse(text)) throw refusal();
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal();
  return url;
}
