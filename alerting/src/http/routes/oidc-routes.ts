import { logInMethodsSchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyRequest } from 'fastify';
import type { OidcLogIn } from '../../accounts/oidc/oidc-log-in.ts';
import { relyingPartyOf } from '../../accounts/passkeys/relying-party.ts';
import { oidcPolicy } from '../../accounts/policy.ts';
import type { Sessions } from '../../accounts/sessions.ts';
import type { Api } from '../api.ts';
import { HostCookie } from '../host-cookie.ts';
import type { PublicAddress } from '../public-address.ts';
import { originOf as browserAt } from '../session-origin.ts';

/** What {@link oidcRoutes} needs. */
export interface OidcRouteOptions {
  /** Without it there is no identity provider. */
  readonly oidc?: OidcLogIn | undefined;
  readonly sessions: Sessions;
  /** Of sessions. */
  readonly cookie: HostCookie;
  readonly address: PublicAddress;
  /** The console’s origin as the browser of a request sees it. */
  readonly originOf: (request: FastifyRequest) => string;
}

const callback = '/api/v1/session/oidc/callback';

/** The way to the identity provider and back. Who comes back in vain is told why by the log-in page. */
export function oidcRoutes(app: Api, options: OidcRouteOptions): void {
  const { oidc, sessions, cookie, address, originOf } = options;
  app.get(
    '/api/v1/session/methods',
    {
      config: { access: 'public' },
      schema: { tags: ['session'], response: { 200: logInMethodsSchema } },
    },
    async (request) => {
      const rp = relyingPartyOf(originOf(request));
      return { oidc: oidc ? { label: oidc.label } : null, passkey: rp ? { origin: rp.origin } : null };
    },
  );
  if (!oidc) return;
  // Lax: the provider sends the browser here, and a strict one would not come along.
  const stepCookie = new HostCookie('wp_oidc', address, 'lax');
  const rateLimit = { max: oidcPolicy.perMinute, timeWindow: 60_000 };
  const route = {
    config: { access: 'public', takesCredentials: true, rateLimit },
    schema: { hide: true },
  } as const;
  const leadBack = (failure: unknown): string => {
    if (!(failure instanceof WatchpostError)) throw failure;
    return `/#log-in=${encodeURIComponent(failure.code)}`;
  };
  app.get('/api/v1/session/oidc', route, async (request, reply) => {
    try {
      const begun = await oidc.begin(originOf(request) + callback);
      stepCookie.set(request, reply, begun.cookie, oidcPolicy.stepMs);
      return reply.redirect(begun.url, 302);
    } catch (failure) {
      return reply.redirect(leadBack(failure), 302);
    }
  });
  app.get(callback, route, async (request, reply) => {
    stepCookie.clear(request, reply);
    try {
      const answer = new URL(request.url, originOf(request));
      const token = await oidc.finish(answer, stepCookie.read(request), browserAt(request));
      cookie.set(request, reply, token, sessions.lifeMs);
      return reply.redirect('/', 302);
    } catch (failure) {
      return reply.redirect(leadBack(failure), 302);
    }
  });
}
