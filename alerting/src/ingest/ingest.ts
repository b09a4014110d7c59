import { brokerFloodTopic, gatewayTopic } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { LossDetector } from '../health/loss-detector.ts';
import { systemGateway } from '../health/loss-finding.ts';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { UptimeRecorder } from '../health/uptime-recorder.ts';
import { withoutGateways } from '../leases/held-batch.ts';
import { allHeld, firstService, LeaseLost, type Leases, leads } from '../leases/leases.ts';
import { AlertPublisher } from '../live/alert-publisher.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { KnownDispositions } from '../risk/known-dispositions.ts';
import { RecentObservations } from '../risk/recent-observations.ts';
import type { RuleSet } from '../risk/rule-set.ts';
import { observationOf, prepareBatches } from '../risk/score-events.ts';
import type { ChangeLog, LoggedChange } from '../store/change-log.ts';
import { gatewaysWithLateConditions, lateCounts } from '../store/late-store.ts';
import type { Queryable } from '../store/schema.ts';
import { Backlogs } from './backlogs.ts';
import { BrokerLink, type BrokerOptions } from './broker-link.ts';
import { type CommitResult, commitBatch } from './commit-batch.ts';
import { CommitQueue } from './commit-queue.ts';
import type { DecisionContext } from './decision-context.ts';
import { findDuplicateGateways } from './duplicate-gateways.ts';
import { emptyBatch, type IncomingCanary, type IncomingEvent, type IngestBatch } from './ingest-batch.ts';
import { MessageIntake } from './message-intake.ts';
import { commitPolicy, ingestPolicy } from './policy.ts';
import { ReceiptPublisher } from './receipt-publisher.ts';
import { rejectBatch } from './reject-batch.ts';
import type { NewId } from './to-reject.ts';
import { warmUpCommit } from './warm-up.ts';

/** What {@link Ingest} needs. */
export interface IngestOptions {
  readonly directory: SiteDirectory;
  readonly db: Queryable;
  readonly changes: ChangeLog;
  /**
   * Whether batches are scored while earlier ones are committed; needs a database with several connections.
   */
  readonly readAhead?: boolean;
  readonly broker: BrokerOptions;
  /** For whom this service speaks, where others share the database; by default for everybody. */
  readonly leases?: Leases;
  readonly gateways: GatewayRegistry;
  readonly feed: LiveFeed;
  readonly metrics: AlertingMetrics;
  readonly logger: Logger;
  readonly policy: AlertingPolicy;
  readonly rules: RuleSet;
  /** Of a site with areas that are armed. */
  readonly arming?: DecisionContext['arming'];
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly losses: Pick<LossDetector, 'linkUp' | 'linkDown' | 'heard' | 'takeState' | 'takeFlood'>;
  /** Told what gateways say of their devices. */
  readonly uptime: Pick<UptimeRecorder, 'takeState' | 'linkDown'>;
  /** Told that a gateway’s canary came, … */
  readonly canaryArrived?: (gateway: string) => void;
  /** … and which were committed. */
  readonly canariesStored?: (ids: readonly string[]) => void;
  /** Told of late events, whose window of the hourly aggregate needs a refresh. */
  readonly lateEvents: (timesMs: readonly number[]) => void;
}

const intakeTopics = ['up', 'telemetry'] as const;
const wholeSite = (site: string): readonly string[] =>
  intakeTopics.map((name) => gatewayTopic(name, site, '+'));

/** Services that share a database have names; the first has none here, as where there is only one. */
function clientIdOf(site: string, { state: { name } }: Leases): string {
  return name === undefined || name === firstService ? `alerting-${site}` : `alerting-${site}.${name}`;
}

/** The way in: messages from the broker become committed batches, receipts and alerts. */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #context: () => DecisionContext;
  readonly #link: BrokerLink;
  readonly #queue: CommitQueue;
  readonly #alerts: AlertPublisher;
  readonly #backlogs: Backlogs;
  readonly #receipts: ReceiptPublisher;
  readonly #intake: MessageIntake;
  readonly #leases: Leases;
  readonly #recent: RecentObservations;
  readonly #dispositions = new KnownDispositions();
  #unlisten: (() => void) | undefined;
  /** Tells the broker of alerts. */
  #isPublishing = false;
  /** Something was not published because the lease might have been over. */
  #leftOut = false;
  /** Names that no gateway of the site has, as far as they say how they are. */
  readonly #strangers = new Set<string>();
  #rounds: NodeJS.Timeout | undefined;
  #warmingUp: Promise<void> | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    const { db, changes, directory, newId, nowMs, logger, policy, rules, losses, uptime, arming } = options;
    const site = directory.site.id;
    const { leases = allHeld } = options;
    this.#leases = leases;
    const holds = (gateway: string) => leases.holds(site, gateway);
    this.#recent = new RecentObservations(policy.risk.corroboration.windowMs);
    const context = () => ({
      ...{ directory, newId, rules, policy, arming, nowMs: nowMs() },
      recent: this.#isWhole ? this.#recent : undefined,
      dispositions: this.#dispositions,
    });
    this.#context = context;
    this.#backlogs = new Backlogs(options.policy.settle);
    this.#queue = new CommitQueue({
      commit: (batch) => this.#commit(batch),
      ...(options.readAhead
        ? { prepare: (batches, pending) => prepareBatches(db, batches, pending, context()) }
        : { rowsPerCommit: commitPolicy.rowsOnOneConnection }),
      committed: (result) => this.#announce(result),
      toRejects: (batch, cause) => rejectBatch(batch, cause, site, newId, nowMs()),
      answers: async () => (await sql`select 1`.execute(db)).rows.length === 1,
      logger,
    });
    this.#link = new BrokerLink({
      ...options.broker,
      clientId: clientIdOf(site, leases),
      filters: [gatewayTopic('state', site, '+'), ...(leases === allHeld ? wholeSite(site) : [])],
      // only our own broker has the first, and one of the last version not the second
      optionalFilters: [brokerFloodTopic(site, '+'), gatewayTopic('site', site, '+')],
      take: (topic, payload, retained) => this.#intake.take(topic, payload, retained),
      connected: (isKept) => {
        // A session of before may still have what is not ours any more.
        this.#follow();
        losses.linkUp();
        // The broker may have lost what it retained, and receipts may have been missed.
        void this.#receipts.publishStored();
        this.#isPublishing = holds(systemGateway);
        if (this.#isPublishing) void this.#alerts.connected(isKept);
      },
      lost: ({ error }) => {
        this.#isPublishing = false;
        this.#alerts.lost();
        losses.linkDown(error);
        uptime.linkDown();
      },
      logger,
    });
    this.#receipts = new ReceiptPublisher({
      db,
      site,
      publish: (topic, payload) => this.#link.publishRetained(topic, payload),
      holds,
      nowMs,
      logger,
    });
    this.#intake = new MessageIntake({
      ...options,
      queue: this.#queue,
      receipts: this.#receipts,
      speaksFor: holds,
      late: policy.late,
      stranger: (name) => this.#meet(name),
      drained: (gateway) => {
        if (this.#backlogs.drained(gateway)) this.#settle([gateway]);
      },
    });
    this.#alerts = new AlertPublisher({
      db,
      changes,
      site,
      policy: policy.retained,
      publish: (topic, payload, done) => {
        // What an alert was like is retained for ever: nobody else may be at it meanwhile.
        if (leads(leases, site)) this.#link.publishRetained(topic, payload, done);
        else this.#leftOut = true;
      },
      nowMs,
      logger,
    });
  }

  get link(): Pick<BrokerLink, 'isConnected' | 'problem' | 'faults' | 'publish'> {
    return this.#link;
  }

  get queue(): Pick<CommitQueue, 'depth' | 'failures' | 'fault' | 'deadLetters'> {
    return this.#queue;
  }

  start(): void {
    // What another service wrote is told without saying what it was.
    this.#unlisten = this.#options.changes.listen((written) => {
      const turned = ({ alert: { disposition, changedIn, version } }: LoggedChange) =>
        disposition !== null || changedIn?.disposition === version;
      if (written.length === 0 || written.some(turned)) this.#dispositions.forget();
    });
    this.#warmingUp = this.#warmUp();
    this.#follow();
    this.#link.start();
    this.#rounds = setInterval(() => {
      this.#intake.checkClock();
      this.#settle(this.#backlogs.takeDue(performance.now()));
      this.#publishLeftOut();
    }, ingestPolicy.roundMs);
    void this.#resume();
  }

  /** This service speaks for other gateways than before. */
  leasesChanged(): void {
    const site = this.#options.directory.site.id;
    this.#recent.forget();
    this.#follow();
    if (!this.#link.isConnected) return;
    // Of what a holder before received the gateway may have no word.
    void this.#receipts.publishStored();
    void this.#takeUpLate();
    const isPublishing = this.#leases.holds(site, systemGateway);
    if (isPublishing === this.#isPublishing) return;
    this.#isPublishing = isPublishing;
    if (isPublishing) void this.#alerts.connected(false);
    else this.#alerts.lost();
  }

  async stop(): Promise<void> {
    clearInterval(this.#rounds);
    this.#unlisten?.();
    await this.#warmingUp;
    // The queue first, so that receipts of the last commit still go out.
    await this.#queue.stop();
    await this.#alerts.stop();
    await this.#link.stop();
  }

  /** Takes events that alerting itself makes. */
  push(events: readonly IncomingEvent[]): void {
    this.#queue.push({ ...emptyBatch, events });
  }

  /** Takes a canary of this service itself. */
  pushCanary(canary: IncomingCanary): void {
    this.#queue.push({ ...emptyBatch, canaries: [canary] });
  }

  /** Commits what is still of gateways that this service speaks for; of the rest nothing, and no receipt. */
  async #commit(batch: IngestBatch): Promise<CommitResult> {
    const { changes, logger } = this.#options;
    for (let left = batch; ; ) {
      try {
        return await commitBatch(changes, left, this.#context(), this.#leases);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        logger.info(
          { gateways: error.gateways },
          'another service speaks for gateways, nothing is committed',
        );
        left = withoutGateways(left, error.gateways);
      }
    }
  }

  /** Whether everything of the site goes through this service. */
  get #isWhole(): boolean {
    const { id, gateways } = this.#options.directory.site;
    return [...gateways, systemGateway].every((gateway) => this.#leases.holds(id, gateway));
  }

  /** What of the site is followed: each gateway apart, so that nobody hears what others take. */
  #followed(): readonly string[] {
    const { id, gateways } = this.#options.directory.site;
    if (this.#isWhole) return wholeSite(id);
    const held = gateways.filter((gateway) => this.#leases.holds(id, gateway));
    const isLeading = this.#leases.holds(id, systemGateway);
    return [...held, ...(isLeading ? this.#strangers : [])].flatMap((gateway) =>
      intakeTopics.map((name) => gatewayTopic(name, id, gateway)),
    );
  }

  /** What comes under such a name is heard by who leads the site, so that it is refused and counted. */
  #meet(name: string): void {
    if (this.#leases === allHeld || this.#strangers.size >= ingestPolicy.strangersAtMost) return;
    if (this.#strangers.has(name)) return;
    this.#strangers.add(name);
    this.#follow();
  }

  #follow(): void {
    if (this.#leases === allHeld) return;
    this.#link.follow(this.#followed(), wholeSite(this.#options.directory.site.id));
  }

  #publishLeftOut(): void {
    if (!this.#leftOut || !leads(this.#leases, this.#options.directory.site.id)) return;
    this.#leftOut = false;
    if (this.#isPublishing) void this.#alerts.connected(false);
  }

  /**
   * Tells the world what a commit brought beside changes of alerts, which those learn who follow their log.
   * Must not throw: the commit is done.
   */
  #announce({ receipts, fresh, heatChanged, late, unsettled }: CommitResult): void {
    const { feed, metrics, lateEvents, gateways, directory, rules } = this.#options;
    const site = directory.site.id;
    this.#recent.note(fresh.events.map((event) => observationOf(event, rules)));
    for (const receipt of receipts) this.#receipts.publish(receipt);
    for (const { gateway } of fresh.events.filter((event) => event.late))
      this.#backlogs.continues(gateway, performance.now());
    this.#backlogs.reported(unsettled, performance.now());
    for (const [gateway, count] of late) {
      const status = gateways.addLate(gateway, count);
      if (status) feed.publish({ name: 'gateway', site, payload: status });
    }
    if (heatChanged) feed.publish({ name: 'heat', site, payload: { site } });
    metrics.repeats.inc({ site }, fresh.repeats);
    for (const [key, count] of countBy(fresh.events, ({ event, late }) => `${event.type} ${late}`)) {
      const [type = '', late = ''] = key.split(' ');
      metrics.events.inc({ site, type, late }, count);
    }
    for (const { code } of fresh.rejects) metrics.rejects.inc({ site, code });
    const lateTimes = fresh.events.flatMap(({ event, late }) => (late ? [Date.parse(event.time)] : []));
    if (lateTimes.length > 0) lateEvents(lateTimes);
    if (fresh.canaries.length > 0) this.#options.canariesStored?.(fresh.canaries.map(({ id }) => id));
    this.#noteDuplicates(fresh);
  }

  /** Two live copies of a gateway are counted and shown, and neither is stopped. */
  #noteDuplicates(fresh: CommitResult['fresh']): void {
    const { gateways, feed, nowMs, newId, directory } = this.#options;
    const found = findDuplicateGateways(fresh, gateways, directory.site.id, newId, nowMs());
    if (found.rejects.length > 0) this.#queue.push({ ...emptyBatch, rejects: found.rejects });
    for (const gateway of found.gateways) {
      const status = gateways.status(gateway);
      if (status) feed.publish({ name: 'gateway', site: directory.site.id, payload: status });
    }
  }

  /** What these gateways reported late is decided in the order of their events. */
  #settle(gateways: readonly string[]): void {
    if (gateways.length > 0) this.#queue.push({ ...emptyBatch, settled: gateways });
  }

  async #warmUp(): Promise<void> {
    const { changes, logger } = this.#options;
    await warmUpCommit(changes, this.#context()).catch((error: unknown) =>
      logger.debug({ err: error }, 'the first commit could not be made ahead'),
    );
  }

  /** Takes up what an earlier run left open. */
  async #resume(): Promise<void> {
    const { db, directory, gateways, logger } = this.#options;
    try {
      gateways.startLate(await lateCounts(db, directory.site.id));
    } catch (error) {
      logger.warn({ err: error }, 'late events of an earlier run could not be read');
    }
    await this.#takeUpLate();
  }

  async #takeUpLate(): Promise<void> {
    const { db, directory, logger } = this.#options;
    const site = directory.site.id;
    try {
      const waiting = await gatewaysWithLateConditions(db, site);
      const held = waiting.filter((gateway) => this.#leases.holds(site, gateway));
      this.#backlogs.reported(held, performance.now());
    } catch (error) {
      logger.warn({ err: error }, 'late events of an earlier run could not be read');
    }
  }
}

function countBy<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
}
