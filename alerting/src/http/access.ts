import { timingSafeEqual } from 'node:crypto';
import {
  type AuditSubject,
  type Permission,
  type Session,
  serverPermissions,
  siteQuerySchema,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessRefusals } from '../accounts/access-refusals.ts';
import type { BearerTokens } from '../accounts/bearer-tokens.ts';
import { hashOfToken, type Sessions } from '../accounts/sessions.ts';
import type { ZonesBySite } from '../store/alert-queue.ts';
import type { HostCookie } from './host-cookie.ts';
import type { PublicAddress } from './public-address.ts';

type ReachedSite = Session['sites'][number];
type SiteId = ReachedSite['site'];

/** Who may use a route: everybody, whoever is logged in, or whoever has a permission. */
export type Access = 'public' | 'session' | Permission;

/**
 * Which sites a route answers for: `each` one on which the person has the permission, or the only one; both
 * narrowed by `?site=`. See {@link sitesOf}.
 */
export type SiteReach = 'each' | 'one';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route must say; one that does not is refused at registration. */
    access?: Access;
    /** Every route with a permission on sites must say; one that does not is refused at registration. */
    sites?: SiteReach;
    /** Types of bodies that it takes instead of JSON; none that a plain form can send. */
    bodyTypes?: readonly string[];
    /** A public route that takes credentials. */
    takesCredentials?: boolean;
    /** Open also to who must set a second factor up and has not. */
    withoutFactor?: boolean;
    /** Answers under any `Host`, or none: checks of load balancers name nobody. */
    anyHost?: boolean;
    /** The scrape token opens the route too. */
    scrapeToken?: boolean;
    /** A route of every session that an API token opens too. Those with a permission need not say so. */
    tokens?: boolean;
    /** Takes a person, whatever an API token may do else. */
    person?: boolean;
    /**
     * The route answers people who are limited to zones with what {@link zonesOf} leaves of a site. One that
     * does not say so has no answer for them about that site.
     */
    zones?: 'narrowed';
  }
  interface FastifyRequest {
    session: Session | null;
    /** Of a person; null for a program. */
    sessionToken: string | null;
    /** Calls `ended` once when what let the request in ends. Gives what takes the call back. */
    watchEnd: ((ended: () => void) => () => void) | null;
    sites: readonly SiteId[] | null;
    zones: ZonesBySite;
    /** What was asked for and is beyond the scope of the person, for the audit log. */
    beyondScope: AuditSubject | null;
  }
}

/** What {@link guardAccess} needs. */
export interface AccessOptions {
  readonly sessions: Sessions;
  readonly bearers: Pick<BearerTokens, 'enter'>;
  readonly cookie: HostCookie;
  readonly address: PublicAddress;
  readonly scrapeToken?: string | undefined;
  /** Is told of everything that a person or a program with a session was refused. */
  readonly refusals: AccessRefusals;
  /** What a request asked for that was not found and is there all the same; null: nothing. */
  readonly beyondScope: (request: FastifyRequest) => Promise<AuditSubject | null>;
}

function hasToken(request: FastifyRequest, token: string | undefined): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token ?? ''}`);
  return token !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * The API token of a request, whether good or not. What else stands there is somebody else’s: a proxy’s
 * password, the scrape token.
 */
const apiTokenOf = ({ headers }: FastifyRequest): string | undefined =>
  /^bearer +(wpt_.*)$/i.exec(headers.authorization ?? '')?.[1];

/** Whether the access is a right that somebody has on some sites and not on others. */
const isOfSites = (access: Access): access is Permission =>
  access !== 'public' && access !== 'session' && !serverPermissions.includes(access);

/** Refuses at registration a route that does not say who may use it, and for which sites it answers. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.access;
    if (access === undefined) throw new Error(`route ${String(method)} ${url} declares no access`);
    if (isOfSites(access) !== (config?.sites !== undefined))
      throw new Error(`route ${String(method)} ${url} does not declare its sites rightly`);
  });
}

/**
 * The sites for which a request is answered.
 * @throws WatchpostError `api.not_found` for a site that does not exist for the person, `api.forbidden` where
 *   it
 *   does and the permission is missing, `api.site_needed`
 */
function reachedSites(
  { sites }: Session,
  permission: Permission,
  { sites: reach, zones }: FastifyContextConfig,
  asked: string | undefined,
): readonly ReachedSite[] {
  const seen = asked === undefined ? sites : sites.filter(({ site }) => site === asked);
  if (asked !== undefined && seen.length === 0) throw new WatchpostError('api.not_found', { path: '/site' });
  const reached = seen.filter(
    (one) => one.permissions.includes(permission) && (one.zones === null || zones === 'narrowed'),
  );
  if (reached.length === 0) throw new WatchpostError('api.forbidden', { details: { permission } });
  if (reach === 'one' && reached.length > 1) throw new WatchpostError('api.site_needed', { path: '/site' });
  return reached;
}

/**
 * Deny by default: a route without declared access fails at registration, and every request is checked before
 * its body is read. Credentials that somebody on the way could read are refused.
 */
export function guardAccess(app: FastifyInstance, options: AccessOptions): void {
  const { address, scrapeToken } = options;
  app.decorateRequest('session', null);
  app.decorateRequest('sessionToken', null);
  app.decorateRequest('watchEnd', null);
  app.decorateRequest('sites', null);
  app.decorateRequest('zones');
  app.decorateRequest('beyondScope', null);
  requireDeclaredAccess(app);
  noteRefusals(app, options);
  app.addHook('onRequest', async (request) => {
    // Addresses that are no route: the answer says so, and nothing else.
    if (request.is404) return;
    const { access, takesCredentials = false, scrapeToken: takesToken = false } = request.routeOptions.config;
    if (access === 'public' && !takesCredentials) return;
    if (!address.isConfidential(request)) throw new WatchpostError('api.insecure_transport');
    if (access === 'public') return;
    if (!(await identify(request, options))) {
      if (takesToken && hasToken(request, scrapeToken)) return;
      throw new WatchpostError('api.unauthenticated');
    }
    if (!request.session) throw new WatchpostError('api.unauthenticated');
    if (request.session.factorNeeded && request.routeOptions.config.withoutFactor !== true)
      throw new WatchpostError('account.factor_needed');
    if (access === 'session') return;
    if (access === undefined || !request.session.permissions.includes(access)) {
      throw new WatchpostError('api.forbidden', { details: { permission: access ?? 'none' } });
    }
    if (request.routeOptions.config.sites === undefined) return;
    const asked = siteQuerySchema.loose().safeParse(request.query);
    if (!asked.success) throw new WatchpostError('api.invalid', { path: '/site' });
    const { session } = request;
    if (asked.data.site !== undefined && !session.sites.some(({ site }) => site === asked.data.site))
      request.beyondScope = { kind: 'site', id: asked.data.site };
    const reached = reachedSites(session, access, request.routeOptions.config, asked.data.site);
    request.sites = reached.map(({ site }) => site);
    request.zones = Object.fromEntries(
      reached.flatMap(({ site, zones }) => (zones === null ? [] : [[site, zones]])),
    );
  });
}

/**
 * Sets whose request it is; false: nobody’s. An API token counts alone: a cookie beside it lets nobody in.
 * @throws WatchpostError `account.token_unusable`, `api.too_many_requests`, `api.no_tokens`
 */
async function identify(
  request: FastifyRequest,
  { sessions, bearers, cookie }: AccessOptions,
): Promise<boolean> {
  const bearer = apiTokenOf(request);
  if (bearer !== undefined) {
    const { session, watch } = await bearers.enter(bearer, request.ip);
    request.session = session;
    request.watchEnd = watch;
    const { access, tokens = false, person = false } = request.routeOptions.config;
    if (person || (access === 'session' && !tokens)) throw new WatchpostError('api.no_tokens');
    return true;
  }
  const token = cookie.read(request);
  const session = token === undefined ? undefined : await sessions.find(token);
  if (token === undefined || !session) return false;
  request.session = session;
  request.sessionToken = token;
  request.watchEnd = (ended) => sessions.watch(hashOfToken(token), ended);
  return true;
}

/**
 * Whatever says no to somebody who is known, in the guard or in a route: it is written down before the
 * answer.
 */
function noteRefusals(app: FastifyInstance, { refusals, beyondScope: look }: AccessOptions): void {
  app.addHook('onSend', async (request, reply) => {
    const { session, method, routeOptions } = request;
    // The route names an action of its own, under which the log has it already (`auditRefusals`).
    if (!session || request.is404 || routeOptions.config?.audited !== undefined) return;
    const subject =
      request.beyondScope ??
      (reply.statusCode !== 404
        ? null
        : await look(request).catch((err: unknown) => {
            request.log.error({ err }, 'whether a refusal is beyond somebody’s scope is not known');
            return null;
          }));
    if (reply.statusCode !== 403 && subject === null) return;
    await refusals.note(session, { method, route: routeOptions.url ?? '', subject });
  });
}

/** The sites for which this request is answered: on each the person has the permission of the route. */
export function sitesOf(request: FastifyRequest): readonly SiteId[] {
  if (!request.sites) throw new WatchpostError('api.forbidden');
  return request.sites;
}

/** To which zones of its sites an answer is narrowed; a site that is not named is answered for as a whole. */
export const zonesOf = (request: FastifyRequest): ZonesBySite => request.zones ?? {};

/** The site of a route that is about one. */
export function siteOf(request: FastifyRequest): SiteId {
  const [site] = sitesOf(request);
  if (site === undefined) throw new WatchpostError('api.forbidden');
  return site;
}

/** The session of a request whose route needs one. */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw new WatchpostError('api.unauthenticated');
  return request.session;
}

/** What watches the end of what let a request in: a session, or an API token. */
export function watchEndOf(request: FastifyRequest): (ended: () => void) => () => void {
  if (request.watchEnd === null) throw new WatchpostError('api.unauthenticated');
  return request.watchEnd;
}

/** The token of a person’s session. */
export function tokenOf(request: FastifyRequest): string {
  if (request.sessionToken === null) throw new WatchpostError('api.unauthenticated');
  return request.sessionToken;
}
