import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Knows which methods each address has, so that the wrong method on a right address is told from a wrong
 * address. Register it before the routes.
 */
export class KnownMethods {
  readonly #patterns: { readonly matches: RegExp; readonly method: string }[] = [];

  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      // A route for everything below would make every address one that is known.
      if (url === '/*') return;
      const pattern = url
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace('*', '.*');
      for (const one of [method].flat())
        this.#patterns.push({ matches: new RegExp(`^${pattern}$`), method: one });
    });
  }

  /**
   * @throws WatchpostError `api.method_not_allowed`, with the header `allow` set, when the address has other
   * methods.
   */
  refuseOthers(request: FastifyRequest, reply: FastifyReply): void {
    const path = request.url.split('?')[0] ?? '';
    const methods = this.#patterns.filter(({ matches }) => matches.test(path)).map(({ method }) => method);
    if (methods.length === 0) return;
    const allow = [...new Set(methods)].sort().join(', ');
    reply.header('allow', allow);
    throw new WatchpostError('api.method_not_allowed', { details: { allow } });
  }
}
