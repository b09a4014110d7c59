import { randomUUID } from 'node:crypto';
import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import { pino } from 'pino';
import { openAccess } from './accounts/open-access.ts';
import { openAccountDoor } from './accounts/open-account-door.ts';
import { openOfficerTokens } from './accounts/open-officer-tokens.ts';
import { accountPolicyOf, defaultTokenLife } from './accounts/policy.ts';
import { TokenReminder } from './accounts/token-reminder.ts';
import { ChangeRelay } from './alerts/change-relay.ts';
import { openArming } from './arming/open-arming.ts';
import { Canaries } from './canary/canaries.ts';
import { CanaryLoopback } from './canary/loopback.ts';
import type { AlertingOptions } from './config.ts';
import { Duty } from './duty/duty.ts';
import { dutySite } from './duty/rota-plans.ts';
import { Escalation } from './escalation/escalation.ts';
import { EscalationPolicies } from './escalation/escalation-policies.ts';
import { openWatchedStore } from './escalation/open-watched-store.ts';
import { takeOutsideWork } from './governance/audit-notes.ts';
import type { Governance } from './governance/governance.ts';
import { openGovernance } from './governance/open-governance.ts';
import { overdueReviews } from './governance/privacy-due.ts';
import type { BrokenFile } from './health/broken-files.ts';
import { componentProbes } from './health/component-health.ts';
import { addGauges, createMetrics, type SiteGauges } from './health/metrics.ts';
import { openListeners, type Ports } from './http/open-listeners.ts';
import { assertConfidentialListener, PublicAddress } from './http/public-address.ts';
import { DueWorker } from './jobs/due-worker.ts';
import { Maintenance } from './jobs/maintenance.ts';
import { leads, wholeServer } from './leases/leases.ts';
import { SharedDatabase } from './leases/shared-database.ts';
import { beginFeed } from './live/begin-feed.ts';
import { LiveFeed } from './live/live-feed.ts';
import { Channels } from './notify/channels.ts';
import { openChannels } from './notify/open-channels.ts';
import { openOutbox } from './notify/open-outbox.ts';
import { Receivers } from './notify/receivers.ts';
import { openPasses } from './passes/open-passes.ts';
import { siteDirectory } from './places/site-directory.ts';
import { openPlates } from './plates/open-plates.ts';
import { defaultPolicy } from './policy.ts';
import { Replays } from './replay/replays.ts';
import { positionSite } from './response/positions.ts';
import { JointResponse } from './response/response.ts';
import { Silences } from './silences/silences.ts';
import { type ConfiguredSite, configuredSite, type SharedParts, SiteContext } from './site-context.ts';
import type { Teardown } from './teardown.ts';
import { Warnings } from './warnings/warnings.ts';

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
  const loopback = new CanaryLoopback(db);
  const outbox = openOutbox({
    ...{ store, metrics, clocks, logger, channels, loopback, sites: noticeSites },
    acknowledgeLink: options.serverPolicy?.notify.acknowledgeLink,
    faults: (site, codes) => sites.get(site)?.takeServerFaults('receivers', codes),
  });
  const parts: SharedParts = {
    ...{ store, feed, metrics, logger, newId, nowMs, broker: options.broker },
    lateEvents: (timesMs) => maintenance.noteLate(timesMs),
    ...{ dueWorker, leases },
    noticesWritten: () => outbox.wake(),
    armingChanged: () => arming.watch.look(),
    canariesStored: (ids) => {
      loopback.put(ids);
      outbox.wake();
    },
    streamAgoMs: () => relay.doneAgoMs,
  };
  const sites: ReadonlyMap<string, SiteContext> = new Map(
    configured.map((one) => [one.site.id as string, new SiteContext(one, parts)]),
  );
  const arming = openArming({ db, nowMs, newId, logger, sites, dueWorker });
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
  const warnings = new Warnings({
    ...{ db, changes, newId, nowMs, logger },
    sites: new Map(
      configured.map(({ site, rules, policy }) => [
        site.id,
        { directory: siteDirectory(site), rules, policy },
      ]),
    ),
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
      warnings,
      silences: new Silences({
        ...{ db, nowMs, changed: () => dueWorker.expect(nowMs()) },
        sites: new Map(configured.map(({ site }) => [site.id, site])),
      }),
      arming: arming.arming,
      siteEditor: options.siteEditor,
      acknowledgeLink: options.serverPolicy?.notify.acknowledgeLink,
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
  arming.watch.start();
  teardown.add(() => arming.watch.stop());
  const canaries = new Canaries({
    ...{ sites: contexts, watch, channels, reach: options.channels, clocks, logger },
    dataFolder: options.dataFolder,
  });
  canaries.start();
  teardown.add(() => canaries.stop());
  warnings.start();
  teardown.add(() => warnings.stop());
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
