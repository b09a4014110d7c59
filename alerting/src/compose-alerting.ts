import { randomUUID } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import { siteSchema } from '@watchpost/contracts/site';
import { parseWith } from '@watchpost/contracts/wire';
import { type Logger, pino } from 'pino';
import { ensureAccounts } from './accounts/configured-accounts.ts';
import { LogIn } from './accounts/log-in.ts';
import { openOfficerTokens } from './accounts/open-officer-tokens.ts';
import { accountPolicyOf } from './accounts/policy.ts';
import { Sessions } from './accounts/sessions.ts';
import { AlertTimers } from './alerts/alert-timers.ts';
import { ChangeRelay } from './alerts/change-relay.ts';
import { timedTypes } from './alerts/condition-rules.ts';
import type { AlertingOptions, SiteOptions } from './config.ts';
import { componentProbes } from './health/component-health.ts';
import { GatewayRegistry } from './health/gateway-registry.ts';
import { LossDetector } from './health/loss-detector.ts';
import { systemGateway } from './health/loss-finding.ts';
import { type AlertingMetrics, addGauges, createMetrics } from './health/metrics.ts';
import { lossTypes } from './health/open-losses.ts';
import { SystemEvents } from './health/system-events.ts';
import { UptimeRecorder } from './health/uptime-recorder.ts';
import { listen } from './http/listen.ts';
import { assertConfidentialListener, PublicAddress } from './http/public-address.ts';
import { ServedCertificate } from './http/served-certificate.ts';
import { buildServers, type ServerOptions } from './http/server.ts';
import { Ingest } from './ingest/ingest.ts';
import { Maintenance } from './jobs/maintenance.ts';
import { TimerScheduler } from './jobs/timer-scheduler.ts';
import { AlertCounter } from './live/alert-counter.ts';
import { beginFeed } from './live/begin-feed.ts';
import { LiveFeed } from './live/live-feed.ts';
import { siteDirectory } from './places/site-directory.ts';
import { type AlertingPolicy, defaultPolicy, policyOf } from './policy.ts';
import { activeAlerts } from './store/active-alerts.ts';
import { countAlerts } from './store/alert-queue.ts';
import { openStore } from './store/open-store.ts';
import type { Queryable } from './store/schema.ts';
import { serverKey } from './store/server-key.ts';
import { storeSite } from './store/site-store.ts';
import type { Teardown } from './teardown.ts';

/** Ports that are listened on. */
export interface Ports {
  readonly console: number;
  readonly flows: number | undefined;
}

/**
 * Puts the parts of alerting together and starts them, in an order in which each finds what it needs; how
 * they are stopped goes to `teardown`, also when this fails. `nowMs` is the clock of the machine.
 * @throws WatchpostError as `startAlerting`
 */
export async function composeAlerting(
  options: AlertingOptions,
  nowMs: () => number,
  teardown: Teardown,
): Promise<Ports> {
  const { site, policy: sitePolicy } = onlySite(options);
  const called = { ...options.http, isTls: options.http.tls !== undefined };
  assertConfidentialListener(called.host, called);
  const address = new PublicAddress(called);
  const logger = options.logger ?? pino({ level: 'silent' });
  const newId = () => randomUUID();
  const policy: AlertingPolicy = {
    ...defaultPolicy,
    ...(sitePolicy ? policyOf(sitePolicy) : {}),
    ...options.policy,
  };
  const directory = siteDirectory(site);
  const feed = new LiveFeed();
  const gateways = new GatewayRegistry(site);
  const metrics = createMetrics();

  const store = await openStore(options.store, logger);
  teardown.add(() => store.close());
  const { db, changes } = store;
  await storeSite(db, site);
  const access = await openAccess(options, { db, metrics, logger, nowMs }, teardown);
  const counter = liveCounts({ db, site: site.id, feed, logger }, teardown);
  const maintenance = new Maintenance({
    store,
    site: site.id,
    policy,
    logger,
    nowMs,
  });
  const scheduler = new TimerScheduler({ nowMs, logger });
  teardown.add(async () => scheduler.stop());
  const timers = new AlertTimers({
    db,
    changes,
    site: site.id,
    scheduler,
    policy,
    nowMs,
    knownSources: new Set<string>([systemGateway, ...site.gateways, ...site.devices.map(({ id }) => id)]),
  });
  const systemEvents = new SystemEvents({ site: site.id, newId, nowMs });
  const uptime = new UptimeRecorder({ db, directory, policy: policy.uptime, nowMs, logger });
  const losses = new LossDetector({
    directory,
    scheduler,
    limits: policy.losses,
    nowMs,
    monotonicMs: () => performance.now(),
    report: (finding) => ingest.push([systemEvents.make(finding)]),
    gatewayLost: (gateway, sinceMs) => uptime.gatewayLost(gateway, sinceMs),
  });
  const ingest = new Ingest({
    directory,
    db,
    changes,
    readAhead: store.kind === 'server',
    broker: options.broker,
    gateways,
    feed,
    metrics,
    logger,
    policy,
    newId,
    nowMs,
    losses,
    uptime,
    lateEvents: (timesMs) => maintenance.noteLate(timesMs),
  });
  const relay = new ChangeRelay({
    changes,
    site: site.id,
    logger,
    take: (page) => {
      for (const change of page) {
        feed.take(change);
        losses.note(change.alert);
        timers.note(change.alert);
      }
    },
  });
  teardown.add(async () => relay.stop());
  relay.start(await beginFeed(feed, { db, changes, site: site.id }));
  addGauges(metrics, {
    queueDepth: () => ingest.queue.depth,
    commitFailures: () => ingest.queue.failures,
    brokerConnected: () => ingest.link.isConnected,
    linkFaults: () => ingest.link.faults,
    streamReaders: () => feed.readers,
  });
  const ports = await openListeners(
    options,
    {
      address,
      ...access,
      directory,
      db,
      changes,
      gateways,
      feed,
      metrics,
      nowMs,
      newId,
      logger,
      probes: { ...componentProbes({ store, ingest, gateways, logIn: access.logIn }), ...options.probes },
      counts: () => counter.current(),
      officerTokens: await openOfficerTokens(options, nowMs, logger),
    },
    teardown,
  );
  const known = await activeAlerts(db, site.id, [...lossTypes, ...timedTypes]);
  losses.start(known);
  await timers.start(known);
  await uptime.start();
  teardown.add(() => uptime.stop());
  ingest.start();
  teardown.add(() => ingest.stop());
  maintenance.start();
  teardown.add(() => maintenance.stop());
  return ports;
}

function onlySite({ sites }: AlertingOptions): SiteOptions {
  const [first, ...others] = sites;
  if (!first || others.length > 0)
    throw new WatchpostError('config.invalid', { path: '/sites', details: { expected: 'one site' } });
  return { ...first, site: parseWith(siteSchema, first.site, 'config.invalid', '/sites/0/site') };
}

/** Who may come in: sessions and log-in, with the accounts of the configuration. */
async function openAccess(
  { accounts, http, serverPolicy }: AlertingOptions,
  parts: {
    readonly db: Queryable;
    readonly metrics: AlertingMetrics;
    readonly logger: Logger;
    readonly nowMs: () => number;
  },
  teardown: Teardown,
): Promise<{ readonly sessions: Sessions; readonly logIn: LogIn }> {
  const { db, metrics, logger, nowMs } = parts;
  const configured = serverPolicy ? accountPolicyOf(serverPolicy) : undefined;
  const sessions = new Sessions(db, nowMs, { ...configured?.sessions, ...http.sessions });
  if (accounts) await ensureAccounts(db, accounts);
  sessions.start();
  teardown.add(async () => sessions.stop());
  const logIn = new LogIn({
    db,
    sessions,
    logins: metrics.logins,
    logger,
    nowMs,
    deviceKey: await serverKey(db, 'device'),
    policy: { ...configured?.login, ...http.login },
  });
  return { sessions, logIn };
}

/** Counts of alerts that go out on the feed whenever an alert changes. */
function liveCounts(
  parts: {
    readonly db: Queryable;
    readonly site: string;
    readonly feed: LiveFeed;
    readonly logger: Logger;
  },
  teardown: Teardown,
): AlertCounter {
  const { db, site, feed, logger } = parts;
  const counter = new AlertCounter({
    count: () => countAlerts(db, site),
    publish: (payload) => feed.publish({ name: 'counts', payload }),
    logger,
    monotonicMs: () => performance.now(),
  });
  feed.observe(({ name }) => {
    if (name === 'alert') counter.changed();
  });
  teardown.add(async () => counter.stop());
  return counter;
}

/** Listens for the console and API, and for Node-RED where there is one. */
async function openListeners(
  { http, consoleFolder, flows }: AlertingOptions,
  parts: Omit<ServerOptions, 'limits' | 'consoleFolder' | 'flows' | 'scrapeToken' | 'certificate'>,
  teardown: Teardown,
): Promise<Ports> {
  const { limits, scrapeToken, host, port } = http;
  const certificate = http.tls && (await ServedCertificate.open(http.tls, parts));
  certificate?.start();
  teardown.add(async () => certificate?.stop());
  const probes = { ...parts.probes, ...(certificate ? { certificate: () => certificate.health() } : {}) };
  const own = { limits, scrapeToken, consoleFolder, flows, certificate, probes };
  const servers = await buildServers({ ...parts, ...own });
  teardown.add(() => servers.console.close());
  const consolePort = await listen(servers.console, host, port, '/http/port');
  const flowsApp = servers.flows;
  if (!flowsApp) return { console: consolePort, flows: undefined };
  teardown.add(() => flowsApp.close());
  return { console: consolePort, flows: await listen(flowsApp, host, flows?.port ?? 0, '/flows/port') };
}
