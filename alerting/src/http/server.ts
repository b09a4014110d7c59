import { constants } from 'node:zlib';
import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import { type Alert, type AlertCounts, WatchpostError } from '@watchpost/contracts';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { SiteDirectory } from '../domain/site-directory.ts';
import type { GatewayBoard } from '../live/gateway-board.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { Queryable } from '../store/schema.ts';
import { guardAccess } from './access.ts';
import type { Api } from './api.ts';
import { apiVersion } from './api-version.ts';
import { endConnections } from './connection-end.ts';
import type { OfficerTokenOptions } from './officer-token.ts';
import { sendProblem } from './problem.ts';
import { alertRoutes } from './routes/alert-routes.ts';
import { consoleRoutes } from './routes/console-routes.ts';
import { type FlowsUpstream, flowsProxy } from './routes/flows-proxy.ts';
import { healthRoutes, type Probe } from './routes/health-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { siteRoutes } from './routes/site-routes.ts';
import { streamRoute } from './routes/stream-route.ts';
import { refuseCrossSite } from './same-origin.ts';
import { addSecurityHeaders } from './security-headers.ts';
import type { Sessions } from './sessions.ts';

export interface ServerOptions {
  readonly directory: SiteDirectory;
  readonly db: Queryable;
  readonly sessions: Sessions;
  readonly gateways: GatewayBoard;
  readonly feed: LiveFeed;
  readonly metrics: AlertingMetrics;
  readonly probes: Readonly<Record<string, Probe>>;
  readonly counts: () => Promise<AlertCounts>;
  readonly alertChanged: (alert: Alert) => void;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly logger: Logger;
  readonly consoleFolder?: string | undefined;
  readonly flowsUpstream?: FlowsUpstream | undefined;
  readonly scrapeToken?: string | undefined;
  /** Mark the cookie `Secure`: true behind HTTPS. */
  readonly secureCookie?: boolean | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly sessionCheckMs?: number | undefined;
  readonly officerTokens?: OfficerTokenOptions | undefined;
}

/** Node's own default of 11 takes a hundred times as long for a tenth less. */
const brotliQuality = 4;

const bodyBytesAtMost = 64 * 1024;

/** Builds the HTTP server with all routes; the caller listens and closes. */
export async function buildServer(options: ServerOptions): Promise<Api> {
  const { sessions, scrapeToken, directory, db, nowMs, counts, alertChanged } = options;
  const { gateways, feed, metrics, probes } = options;
  const app: Api = Fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesAtMost,
    genReqId: options.newId,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  endConnections(app);
  await app.register(fastifyCookie);
  guardAccess(app, { sessions, scrapeToken });
  app.addHook('onRequest', async (request) => refuseCrossSite(request));
  addSecurityHeaders(app);
  // Answers of the API; the console's files are compressed when it is built, and the stream is written past this.
  await app.register(fastifyCompress, {
    encodings: ['br', 'gzip'],
    threshold: 1024,
    customTypes: /^application\/json/,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } },
  });
  await app.register(fastifyRateLimit, { global: false });
  await app.register(fastifySwagger, {
    openapi: { info: { title: 'Watchpost', version: apiVersion } },
    transform: (route) => {
      const isProxied = route.url.startsWith('/flows');
      return jsonSchemaTransform(isProxied ? { ...route, schema: { ...route.schema, hide: true } } : route);
    },
  });

  sessionRoutes(app, {
    sessions,
    secure: options.secureCookie ?? false,
    site: directory.site.id,
    nowMs,
    officerTokens: options.officerTokens,
  });
  alertRoutes(app, { db, site: directory.site.id, nowMs, counts, alertChanged });
  siteRoutes(app, { directory, db, gateways, nowMs });
  const { heartbeatMs, sessionCheckMs } = options;
  streamRoute(app, {
    feed,
    sessions,
    counts,
    nowMs,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(sessionCheckMs === undefined ? {} : { sessionCheckMs }),
  });
  healthRoutes(app, { probes, metrics });
  app.get('/api/v1/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
  if (options.flowsUpstream) await flowsProxy(app, options.flowsUpstream);
  const servePage = await consoleRoutes(app, options.consoleFolder);
  app.setNotFoundHandler((request, reply) => {
    if (servePage(request, reply)) return;
    sendProblem(new WatchpostError('api.not_found'), request, reply);
  });
  return app;
}
