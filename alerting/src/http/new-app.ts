import type { Server as TlsServer } from 'node:tls';
import {
  fastifyServerOptions,
  type HttpServerLimits,
  httpServerLimits,
  limitConnections,
  limitPerAddress,
} from '@watchpost/service';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { Api } from './api.ts';
import { endConnections } from './end-connections.ts';
import { frameworkError, malformedHandler } from './malformed.ts';
import { answerPolicy, httpPolicy } from './policy.ts';
import { sendProblem } from './problem.ts';
import type { PublicAddress } from './public-address.ts';
import type { ServedCertificate } from './served-certificate.ts';

/** Limits of a listener. */
export interface HttpLimits extends HttpServerLimits {
  readonly connectionsPerAddress: number;
}

/** What {@link newApp} needs. */
export interface NewAppOptions {
  readonly logger: Logger;
  readonly newId: () => string;
  readonly address: PublicAddress;
  readonly metrics: AlertingMetrics;
  readonly limits?: Partial<HttpLimits> | undefined;
  /** HTTPS with this certificate; without it plain HTTP. */
  readonly certificate?: ServedCertificate | undefined;
}

/**
 * An HTTP server without routes that closes who keeps it waiting, takes no more than it can, and answers
 * errors in our shape.
 */
export function newApp({ logger, newId, address, metrics, limits = {}, certificate }: NewAppOptions): Api {
  const wanted: HttpLimits = { ...httpServerLimits, ...httpPolicy, ...limits };
  const { http, ...server } = fastifyServerOptions(wanted);
  const proxies = [...address.trustedProxies];
  // A request without Host is refused by us, in our shape.
  const listener = { ...http, requireHostHeader: false };
  const tls = certificate && {
    ...{ ...listener, ...certificate.keyed },
    ...{ minVersion: 'TLSv1.2' as const, handshakeTimeout: wanted.headersMs },
  };
  const app: Api = Fastify({
    ...server,
    ...(tls ? { https: tls } : { http: listener }),
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    forceCloseConnections: true,
    trustProxy: proxies.length > 0 ? proxies : false,
    clientErrorHandler: malformedHandler(metrics.httpRefused),
    frameworkErrors: frameworkError,
    routerOptions: { maxParamLength: answerPolicy.pathPartCharacters },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode >= 400) metrics.httpAnswers.inc({ status: String(reply.statusCode) });
  });
  if (certificate && 'setSecureContext' in app.server) certificate.follow(app.server as unknown as TlsServer);
  endConnections(app);
  limitConnections(app.server, wanted);
  app.server.on('drop', () => metrics.connectionsRefused.inc({ limit: 'all' }));
  limitPerAddress(app.server, {
    connections: wanted.connectionsPerAddress,
    isExempt: address.isTrustedProxy,
    refused: () => metrics.connectionsRefused.inc({ limit: 'address' }),
  });
  return app;
}
