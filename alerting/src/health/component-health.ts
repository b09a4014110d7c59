import type { ComponentHealth } from '@watchpost/contracts/api';
import type { LogIn } from '../accounts/log-in.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { DueWorker } from '../jobs/due-worker.ts';
import { duePolicy } from '../jobs/policy.ts';
import type { Leases } from '../leases/leases.ts';
import type { NoticeSender } from '../notify/outbox/notice-sender.ts';
import { outboxPolicy } from '../notify/outbox/policy.ts';
import type { Store } from '../store/open-store.ts';
import type { GatewayRegistry } from './gateway-registry.ts';

/** What the health page asks of one site. */
export interface SiteHealthSources {
  readonly ingest: Pick<Ingest, 'link' | 'queue'>;
  readonly gateways: Pick<GatewayRegistry, 'all'>;
}

/** What the health page asks. */
export interface HealthSources {
  readonly store: Store;
  readonly sites: readonly SiteHealthSources[];
  /** Sites that should run here and cannot. */
  readonly away: readonly { readonly error: string }[];
  readonly logIn: Pick<LogIn, 'isUnderAttack'>;
  readonly dueWork: Pick<DueWorker, 'state'>;
  readonly outbox: Pick<NoticeSender, 'state'>;
  readonly leases: Pick<Leases, 'state'>;
}

/**
 * How the components of alerting are, by the name that the health page gives them; what each site has counts
 * as the worst of them. The page is public: with several sites it names none. A probe that throws says that
 * its component is down.
 */
export function componentProbes({ store, sites, away, logIn, dueWork, outbox, leases }: HealthSources) {
  return {
    store: storeHealth(store),
    brokerLink: () => worst(sites.map(({ ingest }) => linkHealth(ingest))),
    ingest: () => worst(sites.map(ingestHealth)),
    logIn: () => logInHealth(logIn),
    dueWork: () => dueWorkHealth(dueWork),
    notices: () => noticesHealth(outbox),
    ...(leases.state.name === undefined ? {} : { services: () => servicesHealth(leases) }),
    ...(sites.length + away.length > 1 ? { sites: () => sitesHealth(sites.length, away) } : {}),
  };
}

const worseFirst = ['down', 'degraded', 'ok'] as const;

/** The health of one site is shown as it is; of several, how many are not well and what the first has. */
function worst(sites: readonly ComponentHealth[]): ComponentHealth {
  const [first, ...others] = sites.toSorted(
    (a, b) => worseFirst.indexOf(a.status) - worseFirst.indexOf(b.status),
  );
  if (!first || others.length === 0) return first ?? { status: 'ok' };
  const details = { sites: sites.length, notOk: sites.filter(({ status }) => status !== 'ok').length };
  return { status: first.status, ...(first.error === undefined ? {} : { error: first.error }), details };
}

function sitesHealth(running: number, away: HealthSources['away']): ComponentHealth {
  const details = { running, away: away.length };
  const [first] = away;
  return first ? { status: 'degraded', error: first.error, details } : { status: 'ok', details };
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

function linkHealth({ link }: SiteHealthSources['ingest']): ComponentHealth {
  if (link.isConnected) return { status: 'ok' };
  const { problem } = link;
  if (!problem) return { status: 'down', error: 'broker.unreachable' };
  return { status: 'down', error: problem.error, details: { fault: problem.fault, reason: problem.reason } };
}

function ingestHealth({ ingest, gateways }: SiteHealthSources): ComponentHealth {
  const { queue } = ingest;
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

/** Who does not look, or does not get through with it, does nothing on time. */
function dueWorkHealth({ state }: HealthSources['dueWork']): ComponentHealth {
  const { lookedAgoMs, behindMs, failures } = state;
  if (Math.max(lookedAgoMs, behindMs) <= duePolicy.behindAboveMs) return { status: 'ok' };
  const details = { lookedAgoMs: Math.round(lookedAgoMs), behindMs: Math.round(behindMs), failures };
  return { status: 'degraded', error: 'due.behind', details };
}

/** A receiver that refuses, or a notice that waits for long: somebody is not told. */
function noticesHealth({ state }: HealthSources['outbox']): ComponentHealth {
  const { waiting, oldestMs, faults } = state;
  const details = { waiting, oldestMs: Math.round(oldestMs) };
  const [fault] = faults;
  if (fault !== undefined) return { status: 'degraded', error: fault, details };
  if (oldestMs <= outboxPolicy.failingAboveMs) return { status: 'ok', details };
  return { status: 'degraded', error: 'notify.behind', details };
}

/** How gateways are shared with other services. The page is public: it names neither site nor service. */
function servicesHealth({ state }: HealthSources['leases']): ComponentHealth {
  const { services, held, unheld, isReplaced } = state;
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((all, one) => all + one, 0);
  const details = { services, held: sum(held), unheld: sum(unheld) };
  if (isReplaced) return { status: 'down', error: 'service.replaced', details };
  if (details.unheld > 0) return { status: 'degraded', error: 'service.gateway_unheld', details };
  return { status: 'ok', details };
}

/** A guess at many passwords is something to see on the health page. */
function logInHealth(logIn: HealthSources['logIn']): ComponentHealth {
  return logIn.isUnderAttack ? { status: 'degraded', error: 'login.under_attack' } : { status: 'ok' };
}
