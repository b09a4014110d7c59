import type { ComponentHealth } from '@watchpost/contracts/api';
import type { LogIn } from '../accounts/log-in.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Store } from '../store/open-store.ts';
import type { GatewayRegistry } from './gateway-registry.ts';

/** What the health page asks. */
export interface HealthSources {
  readonly store: Store;
  readonly ingest: Pick<Ingest, 'link' | 'queue'>;
  readonly gateways: GatewayRegistry;
  readonly logIn: Pick<LogIn, 'isUnderAttack'>;
}

/**
 * How the components of alerting are, by the name that the health page gives them. A probe that throws says
 * that its component is down.
 */
export function componentProbes({ store, ingest, gateways, logIn }: HealthSources) {
  return {
    store: storeHealth(store),
    brokerLink: () => linkHealth(ingest),
    ingest: () => ingestHealth(ingest, gateways),
    logIn: () => logInHealth(logIn),
  };
}

function storeHealth(store: Store): () => Promise<ComponentHealth> {
  const { kind, postgresVersion, timescaleVersion, capabilities } = store;
  return async () => {
    await store.ping();
    const versions = { kind, postgres: postgresVersion, timescale: timescaleVersion ?? 'none' };
    const details = { ...versions, ...capabilities };
    const slow = store.slowStatements();
    if (!slow) return { status: 'ok', details };
    const { count, longestMs } = slow;
    return {
      status: 'degraded',
      error: 'store.slow_statement',
      details: { ...details, slowStatements: count, longestMs },
    };
  };
}

function linkHealth({ link }: HealthSources['ingest']): ComponentHealth {
  if (link.isConnected) return { status: 'ok' };
  const { problem } = link;
  if (!problem) return { status: 'down', error: 'broker.unreachable' };
  return { status: 'down', error: problem.error, details: { fault: problem.fault, reason: problem.reason } };
}

function ingestHealth({ queue }: HealthSources['ingest'], gateways: GatewayRegistry): ComponentHealth {
  const details = { queuedRows: queue.depth };
  if (queue.fault !== undefined) return { status: 'degraded', error: queue.fault, details };
  if (queue.deadLetters > 0) {
    return {
      status: 'degraded',
      error: 'store.dead_letter',
      details: { ...details, deadLetters: queue.deadLetters },
    };
  }
  const duplicate = gateways.all().find(({ error }) => error !== undefined);
  if (duplicate?.error === undefined) return { status: 'ok', details };
  return { status: 'degraded', error: duplicate.error, details: { ...details, gateway: duplicate.gateway } };
}

/** A guess at many passwords is something to see on the health page. */
function logInHealth(logIn: HealthSources['logIn']): ComponentHealth {
  return logIn.isUnderAttack ? { status: 'degraded', error: 'login.under_attack' } : { status: 'ok' };
}
