import { randomUUID } from 'node:crypto';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { Site } from '@watchpost/contracts/site';
import { type Logger, pino } from 'pino';
import { BearerTokens } from './accounts/bearer-tokens.ts';
import { RecoveryFactor, TotpFactor } from './accounts/code-factors.ts';
import { ensureAccounts } from './accounts/configured-accounts.ts';
import { LogIn } from './accounts/log-in.ts';
import { OidcLogIn } from './accounts/oidc/oidc-log-in.ts';
import { openAccountDoor } from './accounts/open-account-door.ts';
import { openOfficerTokens } from './accounts/open-officer-tokens.ts';
import { PasskeyFactor } from './accounts/passkeys/passkey-factor.ts';
import { accountPolicyOf, defaultTokenLife } from './accounts/policy.ts';
import { SecondSteps } from './accounts/second-steps.ts';
import { Sessions } from './accounts/sessions.ts';
import { TokenReminder } from './accounts/token-reminder.ts';
import { ChangeRelay } from './alerts/change-relay.ts';
import type { AlertingOptions } from './config.ts';
import { Duty } from './duty/duty.ts';
import { dutySite } from './duty/rota-plans.ts';
import { Escalation } from './escalation/escalation.ts';
import { EscalationPolicies } from './escalation/escalation-policies.ts';
import { openWatchedStore } from './escalation/open-watched-store.ts';
import { takeOutsideWork } from './governance/audit-notes.ts';
import { Governance, type GovernanceOptions } from './governance/governance.ts';
import { permitFiles } from './governance/permit-file.ts';
import { overdueReviews } from './governance/privacy-due.ts';
import type { BrokenFile } from './health/broken-files.ts';
import { componentProbes } from './health/component-health.ts';
import { type AlertingMetrics, addGauges, createMetrics, type SiteGauges } from './health/metrics.ts';
import { listen } from './http/listen.ts';
import { assertConfidentialListener, PublicAddress } from './http/public-address.ts';
import { ServedCertificate } from './http/served-certificate.ts';
import { buildServers, type ServerOptions } from './http/server.ts';
import { DueWorker } from './jobs/due-worker.ts';
import { Maintenance } from './jobs/maintenance.ts';
import { leads, wholeServer } from './leases/leases.ts';
import { SharedDatabase } from './leases/shared-database.ts';
import { beginFeed } from './live/begin-feed.ts';
import { LiveFeed } from './live/live-feed.ts';
import { Channels } from './notify/channels.ts';
import { openChannels } from './notify/open-channels.ts';
import { NoticeSender, type NoticeSenderOptions } from './notify/outbox/notice-sender.ts';
import { Receivers } from './notify/receivers.ts';
import { readKeyRings, ringSigner } from './passes/issuer-rings.ts';
import { servePassUses } from './passes/pass-use-socket.ts';
import { Passes } from './passes/passes.ts';
import { Plates } from './plates/plates.ts';
import { defaultPolicy } from './policy.ts';
import { Replays } from './replay/replays.ts';
import { positionSite } from './response/positions.ts';
import { JointResponse } from './response/response.ts';
import { Silences } from './silences/silences.ts';
import { type ConfiguredSite, configuredSite, type SharedParts, SiteContext } from './site-context.ts';
import type { Store } from './store/open-store.ts';
import type { Queryable } from './store/schema.ts';
import { serverKey } from './store/server-key.ts';
import type { Teardown } from './teardown.ts';

/** Ports that are listened on. */
export interface Ports {
  readonly console: number;
  readonly flows: number | undefined;
}

/** What runs. */
export interface Composed extends Ports {
  /** The secret of a link for the first administrator, while there is none. */
  readonly firstLink: string | undefined;
  /** Takes which files of the server folder are broken now. */
  readonly takeBrokenFiles: (files: readonly BrokenFile[]) => void;
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
): Promise<Composed> {
  const configured = sitesOf(options);
  const called = { ...options.http, isTls: options.http.tls !== undefined };
  assertConfidentialListener(called.host, called);
  const address = new PublicAddress(called);
  const logger = options.logger ?? pino({ level: 'silent' });
  const newId = () => randomUUID();
  const feed = new LiveFeed();
  const metrics = createMetrics();

  const clocks = { wallMs: nowMs, monotonicMs: () => performance.now() };
  const links = new Map<string, SiteContext['publishNotice']>();
  const channels = options.channels
    ? openChannels(options.channels, (site) => links.get(site))
    : new Channels([]);
  const { store, watch } = await openWatchedStore(options, { channels, clocks, logger }, teardown);
  const { db, changes } = store;
  const shared = new SharedDatabase({
    ...{ options: options.store, store, name: options.name, id: newId(), feed, logger },
    sites: configured.map(({ site }) => site),
  });
  const { leases } = shared;
  teardown.add(() => shared.stop());
  const { tokenLife } = options.serverPolicy
    ? accountPolicyOf(options.serverPolicy)
    : { tokenLife: defaultTokenLife };
  const tokenReminder = new TokenReminder({ db, logger, nowMs, life: tokenLife });
  const maintenance = new Maintenance({
    ...{ store, tokenReminder },
    sites: new Map(configured.map(({ site, policy }) => [site.id, policy.keptDays])),
    policy: { ...defaultPolicy, ...options.policy },
    leads: () => leads(leases, wholeServer),
    logger,
    nowMs,
  });
  const late = (kind: string, ms: number) => metrics.dueLate.observe({ kind }, Math.max(0, ms) / 1000);
  const dueWorker = new DueWorker({ db, changes, clocks, logger, late });
  const noticeSites = new Map(
    configured.map(({ site, instructions }) => [
      site.id as string,
      { site, instructions, console: address.url?.origin },
    ]),
  );
  const outbox = openOutbox({
    ...{ store, metrics, clocks, logger, channels, sites: noticeSites },
    faults: (site, codes) => sites.get(site)?.takeServerFaults('receivers', codes),
  });
  const parts: SharedParts = {
    ...{ store, feed, metrics, logger, newId, nowMs, broker: options.broker },
    lateEvents: (timesMs) => maintenance.noteLate(timesMs),
    ...{ dueWorker, leases },
    noticesWritten: () => outbox.wake(),
  };
  const sites: ReadonlyMap<string, SiteContext> = new Map(
    configured.map((one) => [one.site.id as string, new SiteContext(one, parts)]),
  );
  for (const [id, { publishNotice }] of sites) links.set(id, publishNotice);
  for (const site of sites.values()) await site.register();
  await takeOutsideWork({ db, dataFolder: options.dataFolder, nowMs, logger }, teardown);
  const access = await openAccess(
    options,
    { db, metrics, logger, nowMs, sites: configured.map(({ site }) => site.id) },
    teardown,
  );
  const relay = new ChangeRelay({
    changes,
    logger,
    take: (page) => {
      for (const change of page) {
        feed.take(change);
        sites.get(change.alert.site)?.note(change.alert);
      }
    },
  });
  teardown.add(async () => relay.stop());
  relay.start(await beginFeed(feed, [...sites.keys()], { db, changes }));
  const away = options.sitesAway ?? [];
  const contexts = [...sites.values()];
  const onState = (site: string, faults: readonly ErrorCode[]) =>
    sites.get(site)?.takeServerFaults('lists', faults);
  const governance = openGovernance(options, configured, { db, nowMs, newId, logger, onState });
  addGauges(metrics, {
    sites: new Map([...sites].map(([id, site]) => [id, gaugesOf(site, governance, nowMs)])),
    sitesAway: away.map(({ id }) => id),
    streamReaders: () => feed.readers,
    dueTokens: () => tokenReminder.due,
    dueWork: () => dueWorker.state,
    outbox: () => outbox.state,
    leases: () => leases.state,
  });
  const duty = new Duty({
    ...{ db, nowMs, logger },
    sites: new Map(configured.map(({ site }) => [site.id, dutySite(site)])),
    onFaults: (site, faults) => sites.get(site)?.takeServerFaults('duty', faults),
  });
  const response = new JointResponse({
    ...{ db, nowMs, duty: duty.roster, noticesWritten: () => outbox.wake(), dueWorker },
    sites: new Map(configured.map(({ site, options: { policy } }) => [site.id, positionSite(site, policy)])),
  });
  maintenance.also('positions', () => response.positions.forget());
  teardown.add(() =>
    response.positions.stop().catch((err: unknown) => logger.warn({ err }, 'positions were not deleted')),
  );
  const escalation = new Escalation({
    ...{ store, sites, dueWorker, watch, clocks, logger, duty: duty.roster, written: () => outbox.wake() },
    faults: (site, codes) => sites.get(site)?.takeServerFaults('escalation', codes),
  });
  const passes = await openPasses(options, configured, { db, nowMs, governance }, teardown);
  const plates = openPlates(options, configured, { db, nowMs, address });
  const replays = new Replays({
    db,
    sites: new Map([...sites].map(([id, { replayed }]) => [id, replayed])),
  });
  const ports = await openListeners(
    options,
    {
      replays,
      address,
      ...access,
      sites,
      db,
      changes,
      feed,
      governance,
      passes,
      duty,
      response,
      silences: new Silences({
        ...{ db, nowMs, changed: () => dueWorker.expect(nowMs()) },
        sites: new Map(configured.map(({ site }) => [site.id, site])),
      }),
      siteEditor: options.siteEditor,
      plates,
      receivers: new Receivers({
        ...{ db, nowMs, newId, channels, sites: noticeSites, changed: () => outbox.wake() },
      }),
      escalation: new EscalationPolicies({
        ...{ db, nowMs, duty: duty.roster },
        sites: new Map(configured.map(({ site }) => [site.id, new Set(site.zones.map(({ id }) => id))])),
      }),
      stills: options.stills,
      metrics,
      nowMs,
      newId,
      logger,
      probes: {
        ...componentProbes({
          store,
          sites: contexts,
          away,
          logIn: access.logIn,
          dueWork: dueWorker,
          outbox,
          leases,
        }),
        lists: () => governance.health(),
        duty: () => duty.health(),
        escalation: () => escalation.health(),
        ...options.probes,
      },
      officerTokens: await openOfficerTokens(options, nowMs, logger),
    },
    teardown,
  );
  await shared.start();
  for (const site of contexts) await site.start(teardown);
  dueWorker.start();
  teardown.add(() => dueWorker.stop());
  outbox.start();
  teardown.add(() => outbox.stop());
  governance.start();
  teardown.add(() => governance.stop());
  duty.start();
  teardown.add(() => duty.stop());
  escalation.start();
  teardown.add(() => escalation.stop());
  maintenance.start();
  teardown.add(() => maintenance.stop());
  const around = { db, logger, nowMs, governance, replays, port: ports.console };
  const takeBrokenFiles = (files: readonly BrokenFile[]) => {
    for (const site of contexts) site.takeBrokenFiles(files);
  };
  return { ...ports, takeBrokenFiles, firstLink: await openAccountDoor(options, around, teardown) };
}

/** The sites in the order of their ids. */
function sitesOf({ sites, policy }: AlertingOptions): readonly ConfiguredSite[] {
  const configured = sites.map((one, index) => configuredSite(one, index, policy));
  const ids = new Set<string>();
  configured.forEach(({ site: { id } }, index) => {
    if (ids.has(id))
      throw new WatchpostError('config.invalid', {
        path: `/sites/${index}/site/id`,
        details: { expected: 'each site once' },
      });
    ids.add(id);
  });
  if (configured.length === 0)
    throw new WatchpostError('config.invalid', { path: '/sites', details: { expected: 'one site' } });
  return configured.toSorted((a, b) => (a.site.id < b.site.id ? -1 : 1));
}

function gaugesOf(site: SiteContext, governance: Governance, nowMs: () => number): SiteGauges {
  const { queue, link } = site.ingest;
  const recorded = { id: site.id, timeZone: site.directory.site.timeZone, privacy: site.privacy };
  return {
    queueDepth: () => queue.depth,
    commitFailures: () => queue.failures,
    brokerConnected: () => link.isConnected,
    linkFaults: () => link.faults,
    overdueReviews: () => overdueReviews(recorded, nowMs()),
    lists: () => governance.reconciler(recorded.id),
  };
}

/** What tells people of alerts, by every way that the server is set up for. */
function openOutbox({
  store: { db, kind },
  metrics,
  ...parts
}: {
  readonly store: Store;
  readonly metrics: AlertingMetrics;
} & Pick<NoticeSenderOptions, 'clocks' | 'logger' | 'faults' | 'channels' | 'sites'>): NoticeSender {
  return new NoticeSender({
    ...{ ...parts, db, isAlone: kind === 'embedded' },
    told: ({ site, channel, outcome, afterMs }) => {
      metrics.notices.inc({ site, channel, outcome });
      if (afterMs !== undefined) metrics.noticeAfter.observe({ channel }, Math.max(0, afterMs) / 1000);
    },
  });
}

type AccessPart = 'sessions' | 'bearers' | 'tokenLife' | 'logIn' | 'oidc' | 'factorRequired' | 'factorKey';

/** Who may come in: sessions and log-in, with the accounts of the configuration. */
async function openAccess(
  { accounts, http, serverPolicy, oidc: settings }: AlertingOptions,
  parts: {
    readonly db: Queryable;
    readonly metrics: AlertingMetrics;
    readonly logger: Logger;
    readonly nowMs: () => number;
    readonly sites: readonly Site['id'][];
  },
  teardown: Teardown,
): Promise<Pick<ServerOptions, AccessPart>> {
  const { db, metrics, logger, nowMs, sites } = parts;
  const configured = serverPolicy ? accountPolicyOf(serverPolicy) : undefined;
  const { factorRequired = () => false, tokenLife = defaultTokenLife } = configured ?? {};
  const own = { ...configured?.sessions, ...http.sessions };
  const sessions = new Sessions(db, nowMs, sites, own, factorRequired);
  if (accounts) await ensureAccounts(db, accounts);
  sessions.start();
  teardown.add(async () => sessions.stop());
  const bearers = new BearerTokens({ db, nowMs, sites, logger });
  bearers.start();
  teardown.add(async () => bearers.stop());
  const factorKey = await serverKey(db, 'second-factor');
  const logIn = new LogIn({
    db,
    sessions,
    logins: metrics.logins,
    logger,
    nowMs,
    deviceKey: await serverKey(db, 'device'),
    secondSteps: new SecondSteps(
      db,
      [new TotpFactor(factorKey, nowMs), new PasskeyFactor(nowMs), new RecoveryFactor()],
      nowMs,
    ),
    policy: { ...configured?.login, ...http.login },
  });
  const common = { db, sessions, logins: metrics.logins, logger, nowMs };
  const oidc = settings && new OidcLogIn({ ...common, settings, key: await serverKey(db, 'oidc') });
  return { sessions, bearers, tokenLife, logIn, oidc, factorRequired, factorKey };
}

/** The lists of all sites. */
function openGovernance(
  { dataFolder, enroller }: AlertingOptions,
  configured: readonly ConfiguredSite[],
  parts: {
    readonly db: Queryable;
    readonly nowMs: () => number;
    readonly newId: () => string;
    readonly logger: Logger;
    readonly onState: GovernanceOptions['onState'];
  },
): Governance {
  return new Governance({
    ...parts,
    sites: new Map(configured.map(({ site }) => [site.id, new Set<string>(site.zones.map(({ id }) => id))])),
    policies: new Map(
      configured.flatMap(({ site, options }) => (options.policy ? [[site.id, options.policy.lists]] : [])),
    ),
    permits: dataFolder === undefined ? undefined : permitFiles(dataFolder),
    enroller,
  });
}

/** Passes of all sites, and what counts their uses. */
async function openPasses(
  { passKeys, passSocket }: AlertingOptions,
  configured: readonly ConfiguredSite[],
  {
    db,
    nowMs,
    governance,
  }: { readonly db: Queryable; readonly nowMs: () => number; readonly governance: Governance },
  teardown: Teardown,
): Promise<Passes> {
  const signer = ringSigner(passKeys === undefined ? new Map() : readKeyRings(passKeys));
  if (passSocket !== undefined) {
    const sites = new Map(configured.map(({ site: { id } }) => [id as string, id]));
    const socket = await servePassUses(passSocket, { db, nowMs, sites });
    teardown.add(() => socket.stop());
  }
  return new Passes({
    ...{ db, nowMs, signer },
    sites: new Map(
      configured.map(({ site, options }) => [
        site.id,
        { name: site.name, timeZone: site.timeZone, gates: options.gates ?? [] },
      ]),
    ),
    refusedOthers: (site) => governance.passesChanged(site),
  });
}

/** Address plates of all sites. */
function openPlates(
  { plateKeys }: AlertingOptions,
  configured: readonly ConfiguredSite[],
  {
    db,
    nowMs,
    address,
  }: { readonly db: Queryable; readonly nowMs: () => number; readonly address: PublicAddress },
): Plates {
  return new Plates({
    ...{ db, nowMs, rings: plateKeys === undefined ? new Map() : readKeyRings(plateKeys) },
    sites: new Map(
      configured.map(({ site, options }) => [
        site.id,
        {
          zones: new Set<string>(site.zones.map(({ id }) => id)),
          domain: options.plateDomain ?? address.url?.host,
        },
      ]),
    ),
  });
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
