import {
  replayAnswerSchema,
  replayRequestSchema,
  rulesRequestSchema,
  rulesViewSchema,
  rulesWrittenSchema,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { personOf } from '../../governance/person.ts';
import { replayPolicy } from '../../replay/policy.ts';
import type { Replays } from '../../replay/replays.ts';
import { requestOf } from '../../replay/request-of.ts';
import { rulesView } from '../../risk/rules-view.ts';
import { siteEditingPolicy } from '../../site-editing/policy.ts';
import type { SiteEditing } from '../../site-editing/site-editing.ts';
import { sessionOf, siteOf } from '../access.ts';
import type { Api } from '../api.ts';

/**
 * How events are judged, what other rules would have changed, and other rules in force. About a site as a
 * whole, so people who are limited to zones of it have no answer here.
 */
export function ruleRoutes(app: Api, replays: Replays, editing: SiteEditing): void {
  app.get(
    '/api/v1/rules',
    {
      config: { access: 'site.edit', sites: 'one' },
      schema: { tags: ['rules'], querystring: siteQuerySchema, response: { 200: rulesViewSchema } },
    },
    (request) => {
      const site = siteOf(request);
      const { policy, ruleSet } = replays.site(site);
      return rulesView(site, policy.risk, ruleSet);
    },
  );
  app.post(
    '/api/v1/rules',
    {
      config: {
        ...{ access: 'site.edit', sites: 'one', audited: 'site_changed' },
        rateLimit: { max: siteEditingPolicy.perMinute.applies, timeWindow: 60_000 },
      },
      schema: {
        ...{ tags: ['rules'], querystring: siteQuerySchema, body: rulesRequestSchema },
        response: { 200: rulesWrittenSchema },
      },
      // Only now: it may start this process again.
      onResponse: async (request, reply) => {
        if (reply.statusCode !== 200) return;
        await editing.putIntoForce().catch((err: unknown) => request.log.error({ err }, 'rules not applied'));
      },
    },
    async (request) => editing.writeRules(personOf(sessionOf(request)), siteOf(request), request.body),
  );
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
