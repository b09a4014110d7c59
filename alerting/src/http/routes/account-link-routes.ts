import {
  accountLinkRequestSchema,
  accountLinkSchema,
  linkPasswordRequestSchema,
  sessionSchema,
} from '@watchpost/contracts/api';
import type { AccountLinks } from '../../accounts/account-links.ts';
import { accountLinkPolicy, passwordRules } from '../../accounts/policy.ts';
import type { Sessions } from '../../accounts/sessions.ts';
import type { Api } from '../api.ts';
import type { HostCookie } from '../host-cookie.ts';
import { originOf } from '../session-origin.ts';

/** What {@link accountLinkRoutes} needs. */
export interface AccountLinkRouteOptions {
  readonly links: AccountLinks;
  readonly sessions: Sessions;
  readonly cookie: HostCookie;
}

/**
 * Who follows a one-time link sets a password, and is logged in. The secret comes in the body, never in an
 * address.
 */
export function accountLinkRoutes(app: Api, { links, sessions, cookie }: AccountLinkRouteOptions): void {
  const rateLimit = { max: accountLinkPolicy.perMinute, timeWindow: 60_000 };
  const config = { access: 'public', takesCredentials: true, rateLimit } as const;
  app.post(
    '/api/v1/account-link',
    {
      config,
      schema: {
        tags: ['session'],
        body: accountLinkRequestSchema,
        response: { 200: accountLinkSchema },
      },
    },
    async ({ body }) => {
      const { account, expires } = await links.look(body.token);
      return { user: account, expires, leastCharacters: passwordRules.leastCharacters };
    },
  );
  app.post(
    '/api/v1/account-link/password',
    {
      config,
      schema: {
        tags: ['session'],
        body: linkPasswordRequestSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const account = await links.use(request.body);
      request.log.info({ account: account.name }, 'password set by a link');
      const { token, session } = await sessions.open(account, originOf(request));
      cookie.set(request, reply, token, sessions.lifeMs);
      return session;
    },
  );
}
