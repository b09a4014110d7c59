import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:zlib';
import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { NotifySection } from '@watchpost/contracts/site';
import type { FastifyRequest } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { AccessRefusals } from '../accounts/access-refusals.ts';
import { AccountLinks } from '../accounts/account-links.ts';
import { ApiTokens } from '../accounts/api-tokens.ts';
import type { BearerTokens } from '../accounts/bearer-tokens.ts';
import { FactorSetup } from '../accounts/factor-setup.ts';
import type { LogIn } from '../accounts/log-in.ts';
import type { OfficerTokenOptions } from '../accounts/officer-token.ts';
import type { OidcLogIn } from '../accounts/oidc/oidc-log-in.ts';
import { OwnAccounts } from '../accounts/own-account.ts';
import { PasskeyLogIn } from '../accounts/passkeys/passkey-log-in.ts';
import { PasskeySetup } from '../accounts/passkeys/passkey-setup.ts';
import { People } from '../accounts/people.ts';
import type { TokenLife } from '../accounts/policy.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Arming } from '../arming/arming.ts';
import { Candidates } from '../candidates/candidates.ts';
import type { Duty } from '../duty/duty.ts';
import type { EscalationPolicies } from '../escalation/escalation-policies.ts';
import { FreeTexts } from '../governance/free-texts.ts';
import type { Governance } from '../governance/governance.ts';
import { Incidents } from '../incidents/incidents.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import { mergeCounts } from '../live/merge-counts.ts';
import { ZoneCounts } from '../live/zone-counts.ts';
import { AcknowledgeLinks } from '../notify/acknowledge-link/acknowledge-links.ts';
import type { Receivers } from '../notify/receivers.ts';
import type { Passes } from '../passes/passes.ts';
import type { Plates } from '../plates/plates.ts';
import type { Replays } from '../replay/replays.ts';
import type { JointResponse } from '../response/response.ts';
import type { Silences } from '../silences/silences.ts';
import { SiteEditing } from '../site-editing/site-editing.ts';
import type { SiteEditor } from '../site-editing/site-editor.ts';
import { CameraTrials } from '../stills/camera-trials.ts';
import type { StillSource } from '../stills/still-source.ts';
import { Stills } from '../stills/stills.ts';
import type { SiteRoles } from '../store/account-store.ts';
import { countAlerts, type ZonesBySite } from '../store/alert-queue.ts';
import type { ChangeLog } from '../store/change-log.ts';
import type { Queryable } from '../store/schema.ts';
import type { Warnings } from '../warnings/warnings.ts';
import { guardAccess, sessionOf } from './access.ts';
import type { Api } from './api.ts';
import { apiVersion } from './api-version.ts';
import { auditRefusals } from './audit-refusals.ts';
import { beyondScopeOf } from './beyond-scope.ts';
import { type FlowsUpstream, flowsProxy } from './flows/flows-proxy.ts';
import { FlowsSessions } from './flows/flows-sessions.ts';
import { HandoverCodes } from './flows/handover-codes.ts';
import { HostCookie } from './host-cookie.ts';
import { KnownMethods } from './known-methods.ts';
import { type NewAppOptions, newApp } from './new-app.ts';
import { answerPolicy } from './policy.ts';
import { sendProblem } from './problem.ts';
import { PublicAddress } from './public-address.ts';
import { accountLinkRoutes } from './routes/account-link-routes.ts';
import { accountRoutes, changedByOf } from './routes/account-routes.ts';
import { acknowledgeLinkRoutes } from './routes/acknowledge-link-routes.ts';
import { alertRoutes } from './routes/alert-routes.ts';
import { apiTokenRoutes } from './routes/api-token-routes.ts';
import { armingRoutes } from './routes/arming-routes.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import { cameraTrialRoute } from './routes/camera-trial-route.ts';
import { candidateRoutes } from './routes/candidate-routes.ts';
import { certificateRoutes } from './routes/certificate-routes.ts';
import { consoleRoutes } from './routes/console-routes.ts';
import { dutyRoutes } from './routes/duty-routes.ts';
import { escalationRoutes } from './routes/escalation-routes.ts';
import { factorRoutes } from './routes/factor-routes.ts';
import { flowsRoutes } from './routes/flows-routes.ts';
import { freeTextRoutes } from './routes/free-text-routes.ts';
import { healthRoutes, type Probe } from './routes/health-routes.ts';
import { incidentRoutes } from './routes/incident-routes.ts';
import { listPhotoRoutes } from './routes/list-photo-routes.ts';
import { listRoutes } from './routes/list-routes.ts';
import { loadRoute } from './routes/load-route.ts';
import { oidcRoutes } from './routes/oidc-routes.ts';
import { ownAccountRoutes } from './routes/own-account-routes.ts';
import { passRoutes } from './routes/pass-routes.ts';
import { platePageRoute } from './routes/plate-page-route.ts';
import { plateRoutes } from './routes/plate-routes.ts';
import { privacyRoute } from './routes/privacy-route.ts';
import { receiverRoutes } from './routes/receiver-routes.ts';
import { responseRoutes } from './routes/response-routes.ts';
import { ruleRoutes } from './routes/rule-routes.ts';
import { seenRoutes } from './routes/seen-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { setupRoutes } from './routes/setup-routes.ts';
import { silenceRoutes } from './routes/silence-routes.ts';
import { siteEditingRoutes } from './routes/site-editing-routes.ts';
import { siteRoutes } from './routes/site-routes.ts';
import { sitesRoute } from './routes/sites-route.ts';
import { stillRoute } from './routes/still-route.ts';
import { streamRoute } from './routes/stream-route.ts';
import { warningRoutes } from './routes/warning-routes.ts';
import { refuseForeign, refuseOtherTypes } from './same-origin.ts';
import { addSecurityHeaders, consolePolicy } from './security-headers.ts';
import type { SiteView } from './site-view.ts';
import { standardHeaders } from './standard-headers.ts';
import { refuseUnstorableInput } from './storable-input.ts';
import { gatewayIn } from './zone-view.ts';

/** Node-RED beside the console: its proxy listens on a port, and so has an origin, of its own. */
export interface FlowsOptions {
  readonly upstream: FlowsUpstream;
  /** The proxy’s public address when a reverse proxy stands before it too. */
  readonly publicUrl?: string | undefined;
}

/** What {@link buildServers} needs. */
export interface ServerOptions extends Omit<NewAppOptions, 'address'> {
  /** All that run here, by their ids in order. */
  readonly sites: ReadonlyMap<string, SiteView>;
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly sessions: Sessions;
  readonly logIn: LogIn;
  /** Log-in through an identity provider, where there is one. */
  readonly oidc?: OidcLogIn | undefined;
  /** Whether one of these roles demands a second factor. */
  readonly factorRequired: (roles: SiteRoles) => boolean;
  /** API tokens in use. */
  readonly bearers: BearerTokens;
  /** How long API tokens are good. */
  readonly tokenLife: TokenLife;
  /** Seals second factors, 32 bytes. Secret. */
  readonly factorKey: Buffer;
  readonly feed: LiveFeed;
  /** The watch and access lists. */
  readonly governance: Pick<Governance, 'lists' | 'photos'>;
  readonly passes: Passes;
  readonly duty: Duty;
  readonly response: JointResponse;
  readonly silences: Silences;
  readonly arming: Arming;
  /** Whoever owns the site files; without it sites are not edited here. */
  readonly siteEditor?: SiteEditor | undefined;
  readonly replays: Replays;
  readonly plates: Plates;
  readonly receivers: Receivers;
  readonly escalation: EscalationPolicies;
  /** Public warnings of others. */
  readonly warnings: Warnings;
  /** `policy.notify.acknowledgeLink` of the server file. */
  readonly acknowledgeLink?: NotifySection['acknowledgeLink'] | undefined;
  /** Whoever can ask gateways for pictures; without it nobody sees any. */
  readonly stills?: StillSource | undefined;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly nowMs: () => number;
  readonly address?: PublicAddress | undefined;
  readonly consoleFolder?: string | undefined;
  readonly flows?: FlowsOptions | undefined;
  readonly scrapeToken?: string | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly officerTokens?: OfficerTokenOptions | undefined;
}

/**
 * The console with its API, and Node-RED’s proxy when there is one; the caller listens on both and closes
 * both.
 */
export interface Servers {
  readonly console: Api;
  readonly flows: Api | undefined;
}

/**
 * The origin of one of our listeners as the browser of a request sees it: by the same host name, on the
 * listener’s port.
 */
function originSeen(listener: () => Server, address: PublicAddress): (request: FastifyRequest) => string {
  return ({ headers }) => {
    if (address.url) return address.url.origin;
    const { port } = listener().address() as AddressInfo;
    return `${address.protocol}://${new URL(`http://${headers.host}`).hostname}:${port}`;
  };
}

/** Builds the HTTP server of the console with all routes, and that of Node-RED’s proxy. */
export async function buildServers(options: ServerOptions): Promise<Servers> {
  const address = options.address ?? new PublicAddress({});
  const app = newApp({ ...options, address });
  const methods = new KnownMethods(app);
  const cookie = new HostCookie('wp_session', address);
  await app.register(fastifyCookie);
  addSecurityHeaders(app, consolePolicy);
  app.addHook('onRequest', async (request) => refuseForeign(request, address));
  guardAccess(app, {
    ...{ sessions: options.sessions, bearers: options.bearers, cookie, address },
    scrapeToken: options.scrapeToken,
    refusals: new AccessRefusals(options),
    beyondScope: (request) => beyondScopeOf(request, [...options.sites.keys()], options.db),
  });
  app.addHook('onRequest', async (request) => refuseOtherTypes(request));
  standardHeaders(app);
  refuseUnstorableInput(app);
  auditRefusals(app, options.db, options.nowMs);
  // Answers of the API; the console's files are compressed when it is built, and the stream is written past
  // this.
  await app.register(fastifyCompress, {
    encodings: ['br', 'gzip'],
    threshold: answerPolicy.compressFromBytes,
    customTypes: /^application\/(problem\+)?json/,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: answerPolicy.brotliQuality } },
  });
  await app.register(fastifyRateLimit, { global: false });
  await app.register(fastifySwagger, {
    openapi: { info: { title: 'Watchpost', version: apiVersion } },
    transform: jsonSchemaTransform,
  });
  apiRoutes(app, options, cookie, address);
  const flows = options.flows && (await buildFlows(app, options, options.flows, address));
  const servePage = await consoleRoutes(app, options.consoleFolder);
  app.setNotFoundHandler((request, reply) => {
    if (servePage(request, reply)) return;
    methods.refuseOthers(request, reply);
    sendProblem(new WatchpostError('api.not_found'), request, reply);
  });
  return { console: app, flows };
}

const zonesIn = (site: SiteView | undefined): ReadonlySet<string> | undefined =>
  site && new Set(site.directory.site.zones.map(({ id }) => id));

function apiRoutes(app: Api, options: ServerOptions, cookie: HostCookie, address: PublicAddress): void {
  const { sessions, sites, db, changes, nowMs, feed, metrics, probes } = options;
  const { logIn, officerTokens, heartbeatMs } = options;
  const zoneCounts = new ZoneCounts({ count: (site, zones) => countAlerts(db, site, zones) });
  const counts = async (asked: readonly string[], within: ZonesBySite = {}) =>
    mergeCounts(
      await Promise.all(
        asked.flatMap((id) => {
          const site = sites.get(id);
          if (!site) return [];
          const zones = within[id];
          const counting = zones ? zoneCounts.current(id, zones) : site.counts();
          return [counting.then((counted) => [id, counted] as const)];
        }),
      ),
    );
  const pageOf = originSeen(() => app.server, address);
  oidcRoutes(app, {
    ...{ oidc: options.oidc, sessions, cookie, address },
    originOf: pageOf,
  });
  const { factorRequired, factorKey, bearers } = options;
  const own = new OwnAccounts({ db, sessions, logIn, nowMs, factorRequired });
  sessionRoutes(app, {
    ...{ sessions, logIn, own, cookie, nowMs, officerTokens },
    halfCookie: new HostCookie('wp_second', address),
    ...{ passkeys: new PasskeyLogIn({ db, logIn, nowMs }), pageOf },
    passkeyCookie: new HostCookie('wp_passkey', address),
  });
  const zonesOf = (site: string) => zonesIn(sites.get(site));
  const dutyChanged = () => options.duty.plan();
  const people = new People({ db, nowMs, zonesOf, dutyChanged });
  accountRoutes(app, { db, nowMs, factorRequired, people });
  apiTokenRoutes(app, {
    tokens: new ApiTokens({
      ...{ db, nowMs, zonesOf, life: options.tokenLife, ended: (hash) => bearers.ended(hash) },
      sites: [...sites.values()].map(({ directory }) => directory.site.id),
    }),
    byOf: (request) => changedByOf(db, sessionOf(request)),
  });
  ownAccountRoutes(app, {
    own,
    sessions,
    cookie,
  });
  factorRoutes(app, {
    setup: new FactorSetup({ db, key: factorKey, logIn, nowMs, factorRequired }),
    passkeys: new PasskeySetup({ db, logIn, nowMs }),
    ...{ cookie, pageOf },
  });
  accountLinkRoutes(app, { links: new AccountLinks(db, nowMs), sessions, cookie });
  sitesRoute(app, sites);
  const instructions = (site: string) => sites.get(site)?.instructions ?? {};
  alertRoutes(app, { sites: [...sites.keys()], db, changes, nowMs, counts, instructions });
  seenRoutes(app, { db, feed });
  const desk = new Incidents({ db, changes, nowMs, books: (site) => sites.get(site)?.incidents });
  incidentRoutes(app, { ...{ db, nowMs, instructions, sites: [...sites.keys()] }, desk });
  const { acknowledgeLink: policy } = options;
  const linkSites = new Map(
    [...sites].map(([id, one]) => [
      id as string,
      { site: one.directory.site, instructions: one.instructions },
    ]),
  );
  acknowledgeLinkRoutes(app, {
    links: new AcknowledgeLinks({ db, nowMs, desk, sites: linkSites, ...(policy ? { policy } : {}) }),
    ...{ sessions, cookie },
  });
  candidateRoutes(app, {
    ...{ db, nowMs, sites, instructions },
    candidates: new Candidates({
      ...{ db, changes, nowMs, photos: options.governance.photos },
      gateways: (site) => sites.get(site)?.gateways.all() ?? [],
    }),
  });
  siteRoutes(app, { sites, db, nowMs });
  setupRoutes(app, db, nowMs);
  cameraTrialRoute(app, new CameraTrials({ db, nowMs, source: options.stills, editor: options.siteEditor }));
  stillRoute(app, new Stills({ db, nowMs, source: options.stills, sites }));
  const editing = new SiteEditing({ db, nowMs, editor: options.siteEditor });
  siteEditingRoutes(app, editing);
  auditRoutes(app, { db, nowMs, sites: [...sites.keys()] });
  listRoutes(app, { db, nowMs, lists: options.governance.lists });
  listPhotoRoutes(app, options.governance.photos);
  passRoutes(app, options.passes);
  dutyRoutes(app, options.duty);
  responseRoutes(app, options.response);
  loadRoute(app, { db, nowMs });
  silenceRoutes(app, { silences: options.silences, sites: [...sites.keys()], db, changes, nowMs });
  armingRoutes(app, options.arming);
  plateRoutes(app, options.plates);
  platePageRoute(app, options.plates);
  ruleRoutes(app, options.replays, editing);
  receiverRoutes(app, options.receivers);
  escalationRoutes(app, options.escalation);
  warningRoutes(app, options.warnings);
  privacyRoute(app, sites, nowMs);
  freeTextRoutes(app, new FreeTexts(db, nowMs));
  streamRoute(app, {
    ...{ feed, counts, nowMs },
    gateways: (asked) => asked.flatMap((site) => sites.get(site)?.gateways.all() ?? []),
    gatewayIn: (status, zones) => {
      const directory = sites.get(status.site)?.directory;
      return directory && gatewayIn(status, zones, directory);
    },
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
  healthRoutes(app, { probes, metrics });
  certificateRoutes(app, options.certificate);
  app.get('/api/v1/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
}

/** The console’s side of the hand-over, and the proxy itself. */
async function buildFlows(
  app: Api,
  options: ServerOptions,
  { upstream, publicUrl }: FlowsOptions,
  consoleAddress: PublicAddress,
): Promise<Api> {
  const address = new PublicAddress({ ...consoleAddress.beside, publicUrl });
  const codes = new HandoverCodes();
  const flowsApp = newApp({ ...options, address });
  await flowsRoutes(app, { codes, flowsOrigin: originSeen(() => flowsApp.server, address) });
  await flowsProxy(flowsApp, {
    upstream,
    address,
    codes,
    sessions: new FlowsSessions(options.sessions),
    consoleOrigin: originSeen(() => app.server, consoleAddress),
  });
  flowsApp.setNotFoundHandler((request, reply) => {
    sendProblem(new WatchpostError('api.not_found'), request, reply);
  });
  return flowsApp;
}
