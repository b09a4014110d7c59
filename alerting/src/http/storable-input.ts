import { WatchpostError } from '@watchpost/contracts/errors';
import { unstorablePath } from '@watchpost/contracts/wire';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses requests with texts that cannot be stored, before their schema is looked at, so that no route can
 * forget it.
 * @throws WatchpostError `api.text_unstorable` with the path
 */
export function refuseUnstorableInput(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body, query, params }) => {
    // Bytes are not stored as text.
    for (const part of [Buffer.isBuffer(body) ? undefined : body, query, params]) {
      const path = unstorablePath(part);
      if (path !== undefined) throw new WatchpostError('api.text_unstorable', { path: path || '/' });
    }
  });
}
