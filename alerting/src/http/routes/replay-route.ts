import { replayAnswerSchema, replayRequestSchema, siteQuerySchema } from '@watchpost/contracts/api';
import { replayPolicy } from '../../replay/policy.ts';
import type { Replays } from '../../replay/replays.ts';
import { requestOf } from '../../replay/request-of.ts';
import { siteOf } from '../access.ts';
import type { Api } from '../api.ts';

/**
 * What other rules would have changed. It changes nothing; it is about a site as a whole, so people who are
 * limited to zones of it have no answer here.
 */
export function replayRoute(app: Api, replays: Replays): void {
  app.post(
    '/api/v1/rules/replay',
    {
      config: {
        access: 'site.edit',
        sites: 'one',
        rateLimit: { max: replayPolicy.perMinute, timeWindow: 60_000 },
      },
      schema: {
        tags: ['rules'],
        querystring: siteQuerySchema,
        body: replayRequestSchema,
        response: { 200: replayAnswerSchema },
      },
    },
    async (request, reply) => {
      const site = siteOf(request);
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const ending = AbortSignal.any([gone.signal, AbortSignal.timeout(replayPolicy.requestMs)]);
      return replays.run(site, requestOf(request.body, replays.site(site)), ending);
    },
  );
}
