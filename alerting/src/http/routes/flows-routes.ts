import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hashOfToken } from '../../accounts/sessions.ts';
import { tokenOf } from '../access.ts';
import type { Api } from '../api.ts';
import type { HandoverCodes } from '../flows/handover-codes.ts';
import { sendProblem } from '../problem.ts';

/** What {@link flowsRoutes} needs. */
export interface FlowsRouteOptions {
  readonly codes: HandoverCodes;
  /** Node-RED’s origin as the browser of this request sees it. */
  readonly flowsOrigin: (request: FastifyRequest) => string;
}

const stateSchema = z.object({ state: z.string().min(16).max(64) });

/**
 * The console’s side of the hand-over: whoever is logged in and may use Node-RED is sent to its proxy with a
 * code. A page asked for without a session leads to the log-in.
 */
export async function flowsRoutes(app: Api, { codes, flowsOrigin }: FlowsRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const isAnonymous = error instanceof WatchpostError && error.code === 'api.unauthenticated';
      const isPage = request.headers.accept?.includes('text/html') ?? false;
      if (isAnonymous && isPage) return reply.redirect('/', 302);
      return sendProblem(error, request, reply);
    });
    const route = { config: { access: 'flows.use' as const }, schema: { hide: true } };
    scope.get('/flows/', route, async (request, reply) =>
      reply.redirect(`${flowsOrigin(request)}/flows/`, 302),
    );
    scope.get(
      '/flows/enter',
      { ...route, schema: { hide: true, querystring: stateSchema } },
      async (request, reply) => {
        const { state } = request.query as z.infer<typeof stateSchema>;
        const code = codes.issue(hashOfToken(tokenOf(request)), state);
        const query = new URLSearchParams({ code, state });
        return reply.redirect(`${flowsOrigin(request)}/flows/enter?${query}`, 302);
      },
    );
  });
}
