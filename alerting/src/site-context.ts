import type { Alert } from '@watchpost/contracts/alert';
import type { ErrorCode } from '@watchpost/contracts/errors';
import {
  type Instructions,
  instructionsSchema,
  noSitePrivacy,
  type Site,
  type SitePrivacy,
  sitePrivacySchema,
  siteSchema,
} from '@watchpost/contracts/site';
import { parseWith } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { AlertDueWork } from './alerts/alert-due-work.ts';
import { ArmingContext } from './arming/arming-context.ts';
import { ArmingWork } from './arming/arming-work.ts';
import { CanaryWatch } from './canary/canary-watch.ts';
import { ExpectationRecorder } from './candidates/expectation-recorder.ts';
import type { AlertingOptions, SiteOptions } from './config.ts';
import { flappingRule } from './flapping/flapping.ts';
import type { BrokenFile } from './health/broken-files.ts';
import { GatewayRegistry } from './health/gateway-registry.ts';
import { LossDetector } from './health/loss-detector.ts';
import { systemGateway } from './health/loss-finding.ts';
import type { AlertingMetrics } from './health/metrics.ts';
import { lossTypes } from './health/open-losses.ts';
import { SystemEvents } from './health/system-events.ts';
import { UptimeRecorder } from './health/uptime-recorder.ts';
import type { SiteView } from './http/site-view.ts';
import { IncidentBook } from './incidents/incident-book.ts';
import { Ingest } from './ingest/ingest.ts';
import { Inhibition } from './inhibition/inhibition.ts';
import { DueScheduler } from './jobs/due-scheduler.ts';
import type { DueKind } from './jobs/due-step.ts';
import type { DueWorker } from './jobs/due-worker.ts';
import { lateDigest } from './late/late-digest.ts';
import type { Leases } from './leases/leases.ts';
import { AlertCounter } from './live/alert-counter.ts';
import type { LiveFeed } from './live/live-feed.ts';
import type { PublishNotice } from './notify/mqtt/mqtt-channel.ts';
import { noticeWriter } from './notify/outbox/notice-writer.ts';
import { type SiteDirectory, siteDirectory } from './places/site-directory.ts';
import { type AlertingPolicy, defaultPolicy, policyOf } from './policy.ts';
import type { ReplayedSite } from './replay/replay-events.ts';
import { riskUnder, ruleSetOf } from './risk/described-rules.ts';
import { defaultRuleSet, type RuleSet } from './risk/rule-set.ts';
import { silenceRule } from './silences/silence-rule.ts';
import { SilenceWork } from './silences/silence-work.ts';
import { activeAlerts } from './store/active-alerts.ts';
import { countAlerts } from './store/alert-queue.ts';
import { knownCanaries } from './store/canary-store.ts';
import type { Store } from './store/open-store.ts';
import { storeSite } from './store/site-store.ts';
import type { Teardown } from './teardown.ts';

/** A site as it was configured, and what holds there. */
export interface ConfiguredSite {
  readonly site: Site;
  readonly policy: AlertingPolicy;
  /** The policy without the severity bands of the rule set. */
  readonly said: AlertingPolicy;
  readonly rules: RuleSet;
  readonly instructions: Instructions;
  readonly privacy: SitePrivacy;
  readonly options: SiteOptions;
}

/** @throws WatchpostError `config.invalid` with the place of the fault */
export function configuredSite(
  options: SiteOptions,
  index: number,
  overrides: AlertingOptions['policy'],
): ConfiguredSite {
  const site = parseWith(siteSchema, options.site, 'config.invalid', `/sites/${index}/site`);
  const said: AlertingPolicy = {
    ...defaultPolicy,
    ...(options.policy ? policyOf(options.policy) : {}),
    ...overrides,
  };
  const { ruleSet } = options;
  const policy = { ...said, risk: riskUnder(said.risk, ruleSet) };
  const instructions = parseWith(
    instructionsSchema,
    options.instructions ?? {},
    'config.invalid',
    `/sites/${index}/instructions`,
  );
  const { privacy: given = noSitePrivacy } = options;
  const privacy = parseWith(sitePrivacySchema, given, 'config.invalid', `/sites/${index}/privacy`);
  const rules = ruleSet ? ruleSetOf(ruleSet) : defaultRuleSet;
  return { site, policy, said, rules, instructions, privacy, options };
}

/** A site as replays need it. @throws WatchpostError `config.invalid` */
export function replayedSite(options: SiteOptions): ReplayedSite {
  return replayedOf(configuredSite(options, 0, undefined));
}

const replayedOf = ({ site, said, options }: ConfiguredSite): ReplayedSite => ({
  directory: siteDirectory(site),
  policy: said,
  ruleSet: options.ruleSet,
});

/** What all sites of a server share. */
export interface SharedParts {
  readonly store: Store;
  readonly feed: LiveFeed;
  readonly metrics: AlertingMetrics;
  readonly logger: Logger;
  readonly broker: AlertingOptions['broker'];
  readonly newId: () => string;
  readonly nowMs: () => number;
  /** Told of late events, whose window of the hourly aggregate needs a refresh. */
  readonly lateEvents: (timesMs: readonly number[]) => void;
  /** Carries out what is due in the database; started when every site has said what it does. */
  readonly dueWorker: DueWorker;
  /** For which gateways this service speaks. */
  readonly leases: Leases;
  /** Told that notices wait to be sent. */
  readonly noticesWritten: () => void;
  /** Told that an area was armed or disarmed by itself, or was not. */
  readonly armingChanged: () => void;
  /** Told which canaries were committed. */
  readonly canariesStored: (ids: readonly string[]) => void;
  /** How long ago changes were passed on to streams, milliseconds. */
  readonly streamAgoMs: () => number;
}

/**
 * What belongs to one site, composed once for each: its way in with its link to the broker, its gateways and
 * their losses, its timers. Nothing here knows of another site.
 */
export class SiteContext implements SiteView {
  readonly directory: SiteDirectory;
  readonly replayed: ReplayedSite;
  readonly gateways: GatewayRegistry;
  readonly policy: AlertingPolicy;
  readonly instructions: Instructions;
  readonly privacy: SitePrivacy;
  readonly ingest: Ingest;
  /** Whether what gateways say comes through. */
  readonly canary: CanaryWatch;
  /** The incidents of the site, and who is told of their changes. */
  readonly incidents: IncidentBook;
  /** Tells who is told by MQTT. */
  readonly publishNotice: PublishNotice = (...message) => this.ingest.link.publish(...message);
  readonly #shared: SharedParts;
  readonly #counter: AlertCounter;
  readonly #scheduler: DueScheduler;
  readonly #losses: LossDetector;
  readonly #serverFaults = new Map<string, readonly ErrorCode[]>();
  readonly #uptime: UptimeRecorder;
  readonly #expectations: ExpectationRecorder;
  readonly #arming: ArmingWork;
  #brokenFiles: readonly BrokenFile[] = [];
  /** Does what is done once for the site. */
  #isLeading = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(configured: ConfiguredSite, shared: SharedParts) {
    const { site, policy, rules, instructions, privacy, options } = configured;
    const { store, feed, nowMs, newId } = shared;
    const { db, changes } = store;
    const logger = shared.logger.child({ site: site.id });
    const directory = siteDirectory(site);
    const gateways = new GatewayRegistry(site);
    const scheduler = new DueScheduler({
      ...{ site: site.id, db, nowMs, logger, leases: shared.leases, worker: shared.dueWorker },
    });
    const systemEvents = new SystemEvents({ site: site.id, newId, nowMs });
    const uptime = new UptimeRecorder({ db, directory, policy: policy.uptime, nowMs, logger });
    const losses = new LossDetector({
      directory,
      scheduler,
      limits: policy.losses,
      nowMs,
      monotonicMs: () => performance.now(),
      report: (finding) => {
        if (shared.leases.holds(site.id, systemGateway)) this.ingest.push([systemEvents.make(finding)]);
      },
      gatewayLost: (gateway, sinceMs) => uptime.gatewayLost(gateway, sinceMs),
    });
    this.#shared = shared;
    this.#scheduler = scheduler;
    this.#uptime = uptime;
    this.#expectations = new ExpectationRecorder({
      ...{ db, site: site.id, nowMs, logger },
      gateways: () => gateways.all(),
    });
    this.#losses = losses;
    const dueWork = new AlertDueWork({
      site: site.id,
      policy,
      knownSources: new Set<string>([systemGateway, ...site.gateways, ...site.devices.map(({ id }) => id)]),
      expect: (atMs) => shared.dueWorker.expect(atMs),
    });
    const silences = new SilenceWork({
      ...{ site: site.id, noticesWritten: () => shared.noticesWritten() },
      expect: (atMs) => shared.dueWorker.expect(atMs),
    });
    const expect = (atMs: number) => shared.dueWorker.expect(atMs);
    this.#arming = new ArmingWork({
      ...{ expect, changed: () => shared.armingChanged() },
      context: () => ({ directory, rules, policy, newId, nowMs: nowMs() }),
    });
    const work = { ...dueWork.handlers, ...silences.handlers, ...this.#arming.handlers };
    for (const [kind, handler] of Object.entries(work))
      shared.dueWorker.handle(site.id, kind as DueKind, handler);
    changes.judge(silenceRule({ site: site.id, nowMs }));
    changes.also(dueWork.write);
    changes.judge(flappingRule({ site: site.id, policy: policy.incidents.flapping }));
    const inhibition = new Inhibition({
      ...{ site: site.id, nowMs, expect: (atMs: number) => shared.dueWorker.expect(atMs) },
    });
    changes.judge(inhibition.rule);
    changes.also(inhibition.write);
    shared.dueWorker.handle(site.id, 'inhibition.end', inhibition.judgeHidden);
    const late = { site: site.id, newId, written: () => shared.noticesWritten() };
    shared.dueWorker.handle(
      site.id,
      'late.digest',
      lateDigest({ ...late, expect: (atMs) => shared.dueWorker.expect(atMs) }),
    );
    // After what is due: whoever holds an incident waits for no row of that.
    this.incidents = new IncidentBook({ directory, policy: policy.incidents, nowMs });
    changes.also(this.incidents.write);
    const { updateAfterMs } = policy.incidents;
    const written = () => shared.noticesWritten();
    this.incidents.also(noticeWriter({ site: site.id, nowMs, updateAfterMs, written }));
    this.#counter = new AlertCounter({
      count: () => countAlerts(db, site.id),
      publish: (payload) => feed.publish({ name: 'counts', site: site.id, payload }),
      logger,
      monotonicMs: () => performance.now(),
    });
    this.canary = this.#canaryWatch(site, policy);
    this.directory = directory;
    this.replayed = replayedOf(configured);
    this.gateways = gateways;
    this.policy = policy;
    this.instructions = instructions;
    this.privacy = privacy;
    this.ingest = new Ingest({
      ...{ directory, db, changes, gateways, feed, logger, policy, rules, newId, nowMs, losses, uptime },
      arming: site.arming ? new ArmingContext({ directory, newId, expect }) : undefined,
      metrics: shared.metrics,
      leases: shared.leases,
      readAhead: store.kind === 'server',
      broker: { ...shared.broker, ...options.broker },
      lateEvents: shared.lateEvents,
      canaryArrived: (gateway) => this.canary.arrived(gateway),
      canariesStored: shared.canariesStored,
    });
  }

  get id(): Site['id'] {
    return this.directory.site.id;
  }

  /** What is not closed here. */
  counts(): ReturnType<AlertCounter['current']> {
    return this.#counter.current();
  }

  /** Takes note of an alert of this site as it was stored. */
  note(alert: Alert): void {
    this.#losses.note(alert);
    this.#counter.changed();
  }

  /** The files of the server folder that have mistakes now: all of them, of whichever site. */
  takeBrokenFiles(files: readonly BrokenFile[]): void {
    this.#brokenFiles = files.filter(({ site }) => site === undefined || site === this.id);
    this.#losses.takeBrokenFiles(this.#brokenFiles);
  }

  /** What a part of the server says is wrong with it as far as this site is concerned: all of it. */
  takeServerFaults(part: string, codes: readonly ErrorCode[]): void {
    this.#serverFaults.set(part, codes);
    this.#losses.takeServerFaults([...this.#serverFaults.values()].flat());
  }

  #canaryWatch({ id, gateways }: Site, { canary: policy }: AlertingPolicy): CanaryWatch {
    const { store, feed, leases, newId, streamAgoMs } = this.#shared;
    const ownVersion = 'alerting';
    return new CanaryWatch({
      ...{ gateways, policy, streamAgoMs, monotonicMs: () => performance.now() },
      read: () => knownCanaries(store.audit, id),
      holds: (gateway) => leases.holds(id, gateway),
      isHeard: (gateway) => this.#losses.isHeard(gateway),
      versionOf: (gateway) => this.gateways.status(gateway)?.version ?? null,
      sendOwn: () =>
        this.ingest.pushCanary({
          ...{ gateway: systemGateway, id: newId(), version: ownVersion, everyMs: policy.everyMs },
        }),
      proven: (gateway, proof) => {
        const status = this.gateways.takeProof(gateway, proof);
        if (status) feed.publish({ name: 'gateway', site: id, payload: status });
      },
    });
  }

  /** Writes down what readers of the database need to know of the site. */
  async register(): Promise<void> {
    await storeSite(this.#shared.store.db, this.directory.site, this.policy.keptDays);
    await this.#arming.ensure(this.#shared.store.db);
  }

  /** Begins; how it ends goes to `teardown`. */
  async start(teardown: Teardown): Promise<void> {
    teardown.add(async () => this.#counter.stop());
    teardown.add(() => this.#scheduler.stop());
    teardown.add(() => this.#uptime.stop());
    teardown.add(() => this.#expectations.stop());
    this.#isLeading = this.#shared.leases.holds(this.id, systemGateway);
    if (this.#isLeading) await this.#lead();
    else await this.#handOver();
    this.ingest.start();
    teardown.add(() => this.ingest.stop());
    const unlisten = this.#shared.leases.onChange(() => this.#leasesChanged());
    teardown.add(async () => {
      unlisten();
      await this.#turn;
    });
  }

  #leasesChanged(): void {
    this.ingest.leasesChanged();
    const isLeading = this.#shared.leases.holds(this.id, systemGateway);
    if (isLeading === this.#isLeading) return;
    this.#isLeading = isLeading;
    this.#turn = this.#turn
      .then(() => (isLeading ? this.#lead() : this.#handOver()))
      .catch((err: unknown) =>
        this.#shared.logger.error({ err, site: this.id }, 'the work of a site could not be taken over whole'),
      );
  }

  /** Takes up what is done once for the site. */
  async #lead(): Promise<void> {
    const known = await activeAlerts(this.#shared.store.db, this.id, lossTypes);
    this.#losses.start(known);
    this.#losses.takeBrokenFiles(this.#brokenFiles);
    this.#losses.takeServerFaults([...this.#serverFaults.values()].flat());
    await this.#uptime.start();
    this.#expectations.start();
    if (this.ingest.link.isConnected) this.#losses.linkUp();
  }

  /** Another service has taken it. */
  async #handOver(): Promise<void> {
    this.#uptime.handOver();
    await this.#expectations.stop();
  }
}
