import { parseWith, passUseSchema } from '@watchpost/contracts/wire';
import type { FastifyInstance } from 'fastify';
import { doorPolicy } from '../policy.ts';
import { callerOf, perGateway } from './document-routes.ts';
import type { DoorAudit } from './door-audit.ts';
import type { DoorPasses } from './door-passes.ts';
import type { DoorSite } from './door-site.ts';

/**
 * Uses of passes: a gateway asks before a gate opens, or tells what it let in without an answer. It is
 * counted at the site of its certificate, whatever it says.
 */
export function passUseRoute(
  app: FastifyInstance,
  {
    sites,
    passes,
    audit,
  }: { readonly sites: readonly DoorSite[]; readonly passes: DoorPasses; readonly audit: DoorAudit },
): void {
  app.post('/pass-uses', { config: perGateway(doorPolicy.passUsesPerMinute) }, async (request) => {
    const caller = callerOf(request, sites);
    const answer = await passes.count(caller, parseWith(passUseSchema, request.body, 'api.invalid'));
    audit.answered('pass-uses', 'taken');
    return answer;
  });
}
