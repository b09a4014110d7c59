import { WatchpostError } from '@watchpost/contracts/errors';
import { noStillSchema, parseWith, stillLimits } from '@watchpost/contracts/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { doorPolicy } from '../policy.ts';
import { callerOf, perGateway } from './document-routes.ts';
import type { DoorAudit } from './door-audit.ts';
import type { DoorSite } from './door-site.ts';
import type { DoorStills } from './door-stills.ts';

interface StillParams {
  readonly id: string;
}

/**
 * Pictures that a gateway was asked for, each under the id of its question. What nobody waits for is refused
 * before it is read, and nothing is ever on the disk.
 */
export function stillRoute(
  app: FastifyInstance,
  {
    sites,
    stills,
    audit,
  }: { readonly sites: readonly DoorSite[]; readonly stills: DoorStills; readonly audit: DoorAudit },
): void {
  const params = (request: FastifyRequest) => request.params as StillParams;
  app.addContentTypeParser('image/jpeg', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post(
    '/stills/:id',
    {
      config: perGateway(doorPolicy.stillsPerMinute),
      bodyLimit: stillLimits.jpegBytes,
      onRequest: async (request) => {
        stills.assertAwaited(callerOf(request, sites), params(request).id);
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, sites);
      const { body } = request;
      const came = Buffer.isBuffer(body) ? jpegOf(body) : parseWith(noStillSchema, body, 'api.invalid');
      stills.brought(caller, params(request).id, came);
      audit.answered('stills', 'taken');
      return reply.code(204).send();
    },
  );
}

/** @throws WatchpostError `api.invalid` for anything that does not begin as a JPEG (ITU-T T.81, SOI) */
function jpegOf(body: Buffer): Buffer {
  if (body[0] === 0xff && body[1] === 0xd8) return body;
  throw new WatchpostError('api.invalid', { path: '/', details: { expected: 'JPEG' } });
}
