import { cameraProbeResultSchema, parseWith } from '@watchpost/contracts/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { doorPolicy } from '../policy.ts';
import { callerOf, perGateway } from './document-routes.ts';
import type { DoorAudit } from './door-audit.ts';
import type { DoorProbes } from './door-probes.ts';
import type { DoorSite } from './door-site.ts';

/**
 * Cameras that a gateway was asked to try: it fetches how, a password perhaps with it, and says what came of
 * it. Only the gateway that was asked is answered, and only while somebody waits.
 */
export function probeRoute(
  app: FastifyInstance,
  {
    sites,
    probes,
    audit,
  }: { readonly sites: readonly DoorSite[]; readonly probes: DoorProbes; readonly audit: DoorAudit },
): void {
  const idOf = (request: FastifyRequest) => (request.params as { readonly id: string }).id;
  const config = perGateway(doorPolicy.stillsPerMinute);
  app.get('/camera-probes/:id', { config }, async (request, reply) => {
    const probe = probes.probe(callerOf(request, sites), idOf(request));
    audit.answered('camera-probes', 'taken');
    return reply.header('cache-control', 'no-store').send(probe);
  });
  app.post('/camera-probes/:id', { config }, async (request, reply) => {
    const result = parseWith(cameraProbeResultSchema, request.body, 'api.invalid');
    probes.tried(callerOf(request, sites), idOf(request), result);
    return reply.code(204).send();
  });
}
