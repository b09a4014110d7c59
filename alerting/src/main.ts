import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type ComponentHealth, parseWith, siteSchema, WatchpostError } from '@watchpost/contracts';
import { type Logger, pino } from 'pino';
import { ConditionTimer } from './alerts/condition-timer.ts';
import { ReopenTimer } from './alerts/reopen-timer.ts';
import { timedTypes } from './domain/condition-rules.ts';
import { siteDirectory } from './domain/site-directory.ts';
import { TimerDue } from './due/timer-due.ts';
import type { Api } from './http/api.ts';
import { EndedSessions } from './http/ended-sessions.ts';
import { LogIn } from './http/login/log-in.ts';
import type { OfficerTokenOptions } from './http/officer-token.ts';
import { assertConfidentialListener, PublicAddress } from './http/public-address.ts';
import { buildServers } from './http/server.ts';
import { Sessions } from './http/sessions.ts';
import { Ingest } from './ingest/ingest.ts';
import { AlertCounter } from './live/alert-counter.ts';
import { GatewayBoard } from './live/gateway-board.ts';
import { LiveFeed } from './live/live-feed.ts';
import { systemGateway } from './losses/finding.ts';
import { LossWatch } from './losses/loss-watch.ts';
import { lossTypes } from './losses/open-losses.ts';
import { SystemEvents } from './losses/system-events.ts';
import { Maintenance } from './maintenance.ts';
import { addGauges, createMetrics } from './metrics.ts';
import type { AlertingOptions, AlertingService } from './options.ts';
import { type AlertingPolicy, defaultPolicy } from './policy.ts';
import { serverKey } from './store/account-store.ts';
import { activeAlerts, resolvedWhileActive } from './store/active-alerts.ts';
import { countAlerts } from './store/alert-queue.ts';
import { openStore, type Store } from './store/open-store.ts';
import { storeSite } from './store/site-store.ts';
import { UptimeRecord } from './uptime/uptime-record.ts';

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

function linkHealth({ link }: Ingest): ComponentHealth {
  if (link.isConnected) return { status: 'ok' };
  const { problem } = link;
  if (!problem) return { status: 'down', error: 'broker.unreachable' };
  return { status: 'down', error: problem.error, details: { fault: problem.fault, reason: problem.reason } };
}

function ingestHealth({ queue }: Ingest, gateways: GatewayBoard): ComponentHealth {
  const details = { queuedRows: queue.depth };
  if (queue.trouble !== undefined) return { status: 'degraded', error: queue.trouble, details };
  if (queue.deadLetters > 0) {
    return {
      status: 'degraded',
      error: 'store.dead_letter',
      details: { ...details, deadLetters: queue.deadLetters },
    };
  }
  const double = gateways.all().find(({ error }) => error !== undefined);
  if (double?.error === undefined) return { status: 'ok', details };
  return { status: 'degraded', error: double.error, details: { ...details, gateway: double.gateway } };
}

/** @throws WatchpostError `config.port_taken`, or `config.invalid` when the address cannot be used. */
async function listen(app: Api, host: string, port: number, path: string): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw new WatchpostError(taken ? 'config.port_taken' : 'config.invalid', {
      path,
      details: { host, port },
      cause,
    });
  }
  return (app.server.address() as AddressInfo).port;
}

/** What is undone, last first, when the service stops or does not come up. */
class Teardown {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  /** Every step runs, whatever the others do; the first failure is thrown at the end. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0)) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

/** Ports that are listened on. */
interface Ports {
  readonly console: number;
  readonly flows: number | undefined;
}

/** A guess at many passwords is something to see on the health page. */
function logInHealth(logIn: LogIn): ComponentHealth {
  return logIn.isUnderAttack ? { status: 'degraded', error: 'login.under_attack' } : { status: 'ok' };
}

async function compose(options: AlertingOptions, teardown: Teardown): Promise<Ports> {
  const site = parseWith(siteSchema, options.site, 'config.invalid', '/site');
  const { broker, accounts, probes = {} } = options;
  assertConfidentialListener(options.http.host, options.http);
  const address = new PublicAddress(options.http);
  const logger = options.logger ?? pino({ level: 'silent' });
  const nowMs = () => Date.now();
  const newId = () => randomUUID();
  const policy: AlertingPolicy = { ...defaultPolicy, ...options.policy };
  const directory = siteDirectory(site);
  const feed = new LiveFeed();
  const gateways = new GatewayBoard(site);
  const metrics = createMetrics();

  const store = await openStore(options.store, logger);
  teardown.add(() => store.close());
  const { db } = store;
  await storeSite(db, site);
  const sessions = new Sessions(db, nowMs, options.http.sessions);
  if (accounts) await sessions.ensureAccounts(accounts);
  sessions.start();
  teardown.add(async () => sessions.stop());
  const logIn = new LogIn({
    db,
    sessions,
    logins: metrics.logins,
    logger,
    nowMs,
    deviceKey: await serverKey(db, 'device'),
    policy: options.http.login,
  });

  const counter = new AlertCounter({
    count: () => countAlerts(db, site.id),
    publish: (payload) => feed.publish({ name: 'counts', payload }),
    logger,
    monotonicMs: () => performance.now(),
  });
  feed.observe(({ name }) => {
    if (name === 'alert') counter.changed();
  });
  teardown.add(async () => counter.stop());

  const maintenance = new Maintenance({
    store,
    site: site.id,
    policy,
    logger,
    nowMs,
    alertClosed: (alert) => ingest.publishAlert(alert),
  });
  const due = new TimerDue({ nowMs, logger });
  teardown.add(async () => due.stop());
  const conditions = new ConditionTimer({
    db,
    site: site.id,
    due,
    policy,
    nowMs,
    cleared: (alert) => ingest.publishAlert(alert),
  });
  const speakers = new Set<string>([systemGateway, ...site.gateways, ...site.devices.map(({ id }) => id)]);
  const reopening = new ReopenTimer({
    db,
    site: site.id,
    due,
    policy,
    nowMs,
    isKnown: ({ device }) => speakers.has(device),
    changed: (alert) => ingest.publishAlert(alert),
  });
  const systemEvents = new SystemEvents({ site: site.id, newId, nowMs });
  const uptime = new UptimeRecord({ db, directory, policy: policy.uptime, nowMs, logger });
  const losses = new LossWatch({
    directory,
    due,
    limits: policy.losses,
    nowMs,
    livedMs: () => performance.now(),
    report: (finding) => ingest.push([systemEvents.make(finding)]),
    gatewayLost: (gateway, sinceMs) => uptime.gatewayLost(gateway, sinceMs),
  });
  const ingest = new Ingest({
    directory,
    db,
    readAhead: store.kind === 'server',
    broker,
    gateways,
    feed,
    metrics,
    logger,
    policy,
    newId,
    nowMs,
    losses,
    uptime,
    alertStored: (alert) => {
      losses.note(alert);
      conditions.note(alert);
      reopening.note(alert);
    },
    lateEvents: (timesMs) => maintenance.noteLate(timesMs),
  });
  addGauges(metrics, {
    queueDepth: () => ingest.queue.depth,
    commitFailures: () => ingest.queue.failures,
    brokerConnected: () => ingest.link.isConnected,
    linkFaults: () => ingest.link.faults,
    streamReaders: () => feed.readers,
  });
  const servers = await buildServers({
    address,
    logIn,
    limits: options.http.limits,
    directory,
    db,
    sessions,
    gateways,
    feed,
    metrics,
    nowMs,
    newId,
    logger,
    probes: {
      store: storeHealth(store),
      brokerLink: () => linkHealth(ingest),
      ingest: () => ingestHealth(ingest, gateways),
      logIn: () => logInHealth(logIn),
      ...probes,
    },
    counts: () => counter.current(),
    alertChanged: (alert) => ingest.publishAlert(alert),
    consoleFolder: options.consoleFolder,
    flows: options.flows,
    scrapeToken: options.http.scrapeToken,
    officerTokens: await officerTokens(options, nowMs, logger),
  });
  const { host, port } = options.http;
  teardown.add(() => servers.console.close());
  const consolePort = await listen(servers.console, host, port, '/http/port');
  const { flows } = servers;
  if (flows) teardown.add(() => flows.close());
  const flowsPort = flows && (await listen(flows, host, options.flows?.port ?? 0, '/flows/port'));
  const known = await activeAlerts(db, site.id, [...lossTypes, ...timedTypes]);
  losses.start(known);
  for (const alert of known) conditions.note(alert);
  const since = new Date(nowMs() - policy.reopens.lookBackMs);
  for (const alert of await resolvedWhileActive(db, site.id, since)) reopening.note(alert);
  await uptime.start();
  teardown.add(() => uptime.stop());
  ingest.start();
  teardown.add(() => ingest.stop());
  maintenance.start();
  teardown.add(() => maintenance.stop());
  return { console: consolePort, flows: flowsPort };
}

async function officerTokens(
  { officerTokens: wanted }: AlertingOptions,
  nowMs: () => number,
  logger: Logger,
): Promise<OfficerTokenOptions | undefined> {
  if (wanted?.endedSessionsFile === undefined) return wanted;
  const ended = new EndedSessions(wanted.endedSessionsFile, nowMs, logger);
  await ended.start();
  return { ...wanted, ended };
}

/**
 * Starts alerting: store, ingest, HTTP. The broker may be away; the service comes up, says so on its health page and
 * connects when it can.
 * @throws WatchpostError `config.data_folder`, `config.port_taken`, `config.invalid`, `store.unreachable` or
 * `store.migration`; nothing is left running then.
 */
export async function startAlerting(options: AlertingOptions): Promise<AlertingService> {
  const teardown = new Teardown();
  try {
    const ports = await compose(options, teardown);
    const host = options.http.host.includes(':') ? `[${options.http.host}]` : options.http.host;
    return {
      address: `http://${host}:${ports.console}`,
      port: ports.console,
      ...(ports.flows === undefined ? {} : { flowsAddress: `http://${host}:${ports.flows}` }),
      stop: () => teardown.run(),
    };
  } catch (error) {
    await teardown.run().catch(() => undefined);
    throw error;
  }
}
