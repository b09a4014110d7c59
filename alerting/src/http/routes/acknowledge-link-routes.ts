import {
  acknowledgedByLinkSchema,
  acknowledgeLinkRequestSchema,
  acknowledgeLinkSchema,
} from '@watchpost/contracts/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Sessions } from '../../accounts/sessions.ts';
import type { AcknowledgeLinks } from '../../notify/acknowledge-link/acknowledge-links.ts';
import {
  acknowledgePage,
  acknowledgeScript,
  acknowledgeScriptPath,
} from '../../notify/acknowledge-link/acknowledge-page.ts';
import { acknowledgePath } from '../../notify/acknowledge-link/link-maker.ts';
import { acknowledgeLinkPolicy } from '../../notify/policy.ts';
import type { Api } from '../api.ts';
import type { HostCookie } from '../host-cookie.ts';

/** What {@link acknowledgeLinkRoutes} needs. */
export interface AcknowledgeLinkRouteOptions {
  readonly links: AcknowledgeLinks;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly cookie: HostCookie;
}

const rateLimit = { max: acknowledgeLinkPolicy.perMinute, timeWindow: 60_000 };

/**
 * Whoever follows the link of a notice takes what it told of, without a log-in where the severity allows. The
 * secret comes in the body, never in an address, and nothing is done by a GET.
 */
export function acknowledgeLinkRoutes(
  app: Api,
  { links, sessions, cookie }: AcknowledgeLinkRouteOptions,
): void {
  pageRoutes(app);
  const config = { access: 'public', takesCredentials: true, rateLimit } as const;
  const body = acknowledgeLinkRequestSchema;
  app.post(
    '/api/v1/acknowledge-link/look',
    { config, schema: { tags: ['incidents'], body, response: { 200: acknowledgeLinkSchema } } },
    async (request) => links.look(request.body.token),
  );
  app.post(
    '/api/v1/acknowledge-link',
    { config, schema: { tags: ['incidents'], body, response: { 200: acknowledgedByLinkSchema } } },
    async (request) => {
      const own = cookie.read(request);
      return links.use(request.body.token, own === undefined ? undefined : await sessions.find(own));
    },
  );
}

function pageRoutes(app: Api): void {
  // After the headers of all answers: nothing that is opened from here hears of it.
  const onSend = async (_request: FastifyRequest, reply: FastifyReply) => {
    reply.header('referrer-policy', 'no-referrer');
  };
  const route = { config: { access: 'public', rateLimit }, schema: { hide: true }, onSend } as const;
  app.get(acknowledgePath, route, async (request, reply) => {
    const isChinese = /^zh\b/i.test(request.headers['accept-language'] ?? '');
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(acknowledgePage(isChinese ? 'zh-CN' : 'en'));
  });
  app.get(acknowledgeScriptPath, route, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(acknowledgeScript),
  );
}
