import type { FastifyRequest } from 'fastify';
import { addressGroup } from '../accounts/address-group.ts';
import { browserOf } from '../accounts/browser-name.ts';
import type { SessionOrigin } from '../store/session-store.ts';

/**
 * Where a session is opened, as its owner will recognise it: no whole address, no whole name of a browser.
 */
export function originOf({ ip, headers }: FastifyRequest): SessionOrigin {
  const { name, system } = browserOf(headers['user-agent']);
  return { addressGroup: addressGroup(ip), browserName: name, browserSystem: system };
}
