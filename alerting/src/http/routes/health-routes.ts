import { type ComponentHealth, type Health, healthSchema } from '@watchpost/contracts/api';
import type { WatchpostError } from '@watchpost/contracts/errors';
import type { AlertingMetrics } from '../../health/metrics.ts';
import type { Api } from '../api.ts';
import { httpPolicy } from '../policy.ts';
import { toWatchpostError } from '../problem.ts';

/** Says how a component is; one that throws is down with the error's code. */
export type Probe = () => ComponentHealth | Promise<ComponentHealth>;

/** What {@link healthRoutes} needs. */
export interface HealthOptions {
  readonly probes: Readonly<Record<string, Probe>>;
  readonly metrics: AlertingMetrics;
}

const worseFirst = ['down', 'degraded', 'ok'] as const;

async function ask(probe: Probe): Promise<ComponentHealth> {
  try {
    return await probe();
  } catch (error) {
    const known: WatchpostError = toWatchpostError(error);
    return { status: 'down', error: known.code };
  }
}

async function askAll(probes: HealthOptions['probes']): Promise<Health> {
  const answers = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await ask(probe)] as const),
  );
  const components = Object.fromEntries(answers);
  const status = worseFirst.find((level) => answers.some(([, health]) => health.status === level)) ?? 'ok';
  return { status, components };
}

/**
 * Asks the components once for everybody who wants to know at the same time, and again when that is a while
 * ago.
 */
function asked(probes: HealthOptions['probes'], freshMs: number): () => Promise<Health> {
  let last: { readonly health: Promise<Health>; readonly atMs: number } | undefined;
  return () => {
    const atMs = performance.now();
    if (!last || atMs - last.atMs >= freshMs) last = { health: askAll(probes), atMs };
    return last.health;
  };
}

/** Health of every component, and metrics for Prometheus. */
export function healthRoutes(app: Api, { probes, metrics }: HealthOptions): void {
  const { healthFreshMs, healthAnswers, healthWindowMs } = httpPolicy;
  const health = asked(probes, healthFreshMs);
  app.get(
    '/healthz',
    {
      config: {
        access: 'public',
        anyHost: true,
        rateLimit: { max: healthAnswers, timeWindow: healthWindowMs },
      },
      schema: { tags: ['health'], response: { 200: healthSchema, 503: healthSchema } },
    },
    async (_request, reply) => {
      const found = await health();
      return reply
        .header('cache-control', 'no-store')
        .code(found.status === 'down' ? 503 : 200)
        .send(found);
    },
  );
  app.get(
    '/metrics',
    { config: { access: 'metrics.read', scrapeToken: true }, schema: { hide: true } },
    async (_request, reply) => {
      reply.type(metrics.registry.contentType);
      return metrics.registry.metrics();
    },
  );
}
