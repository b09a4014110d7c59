import type { Alert } from '@watchpost/contracts/alert';
import { alertTopic, brokerFloodTopic, gatewayTopic } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { LossDetector } from '../health/loss-detector.ts';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { UptimeRecorder } from '../health/uptime-recorder.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import { RetainedAlertSync } from '../live/retained-alert-sync.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { prepareBatches } from '../risk/score-events.ts';
import { gatewaysWithLateConditions, lateCounts } from '../store/late-store.ts';
import type { Queryable } from '../store/schema.ts';
import { Backlogs } from './backlogs.ts';
import { BrokerLink, type BrokerOptions } from './broker-link.ts';
import { type CommitResult, commitBatch } from './commit-batch.ts';
import { CommitQueue } from './commit-queue.ts';
import type { DecisionContext } from './decision-context.ts';
import { findDuplicateGateways } from './duplicate-gateways.ts';
import { emptyBatch, type IncomingEvent } from './ingest-batch.ts';
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
  /**
   * Whether batches are scored while earlier ones are committed; needs a database with several connections.
   */
  readonly readAhead?: boolean;
  readonly broker: BrokerOptions;
  readonly gateways: GatewayRegistry;
  readonly feed: LiveFeed;
  readonly metrics: AlertingMetrics;
  readonly logger: Logger;
  readonly policy: AlertingPolicy;
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly losses: Pick<LossDetector, 'linkUp' | 'linkDown' | 'heard' | 'takeState' | 'takeFlood'>;
  /** Told what gateways say of their devices. */
  readonly uptime: Pick<UptimeRecorder, 'takeState' | 'linkDown'>;
  /** Told of every alert that was changed, as it is now. */
  readonly alertStored: (alert: Alert) => void;
  /** Told of late events, whose window of the hourly aggregate needs a refresh. */
  readonly lateEvents: (timesMs: readonly number[]) => void;
}

/** The way in: messages from the broker become committed batches, receipts and alerts. */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #context: () => DecisionContext;
  readonly #link: BrokerLink;
  readonly #queue: CommitQueue;
  readonly #retained: RetainedAlertSync;
  readonly #backlogs: Backlogs;
  readonly #receipts: ReceiptPublisher;
  readonly #intake: MessageIntake;
  #rounds: NodeJS.Timeout | undefined;
  #warmingUp: Promise<void> | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    const { db, directory, newId, nowMs, logger, policy, losses, uptime } = options;
    const site = directory.site.id;
    const context = () => ({ directory, newId, rules: defaultRuleSet, policy, nowMs: nowMs() });
    this.#context = context;
    this.#backlogs = new Backlogs(options.policy.settle);
    this.#queue = new CommitQueue({
      commit: (batch) => commitBatch(db, batch, context()),
      ...(options.readAhead
        ? { prepare: (batches, pending) => prepareBatches(db, batches, pending, context()) }
        : { rowsPerCommit: commitPolicy.rowsOnOneConnection }),
      committed: (result) => this.#announce(result),
      toRejects: (batch, cause) => rejectBatch(batch, cause, site, newId),
      answers: async () => (await sql`select 1`.execute(db)).rows.length === 1,
      logger,
    });
    this.#link = new BrokerLink({
      ...options.broker,
      clientId: `alerting-${site}`,
      filters: (['up', 'telemetry', 'state'] as const).map((name) => gatewayTopic(name, site, '+')),
      // only our own broker has these
      optionalFilters: [brokerFloodTopic('+')],
      take: (topic, payload, retained) => this.#intake.take(topic, payload, retained),
      connected: () => {
        losses.linkUp();
        void this.#republish();
      },
      lost: ({ error }) => {
        this.#retained.stop();
        losses.linkDown(error);
        uptime.linkDown();
      },
      logger,
    });
    this.#receipts = new ReceiptPublisher({
      db,
      site,
      publish: (topic, payload) => this.#link.publishRetained(topic, payload),
      nowMs,
      logger,
    });
    this.#intake = new MessageIntake({
      ...options,
      queue: this.#queue,
      receipts: this.#receipts,
      drained: (gateway) => {
        if (this.#backlogs.drained(gateway)) this.#settle([gateway]);
      },
    });
    this.#retained = new RetainedAlertSync({
      db,
      site,
      policy: policy.retained,
      publish: (topic, payload, done) => this.#link.publishRetained(topic, payload, done),
      nowMs,
      logger,
    });
  }

  get link(): Pick<BrokerLink, 'isConnected' | 'problem' | 'faults'> {
    return this.#link;
  }

  get queue(): Pick<CommitQueue, 'depth' | 'failures' | 'fault' | 'deadLetters'> {
    return this.#queue;
  }

  start(): void {
    this.#warmingUp = this.#warmUp();
    this.#link.start();
    this.#rounds = setInterval(() => {
      this.#intake.checkClock();
      this.#settle(this.#backlogs.takeDue(performance.now()));
    }, ingestPolicy.roundMs);
    void this.#resume();
  }

  async stop(): Promise<void> {
    clearInterval(this.#rounds);
    await this.#warmingUp;
    // The queue first, so that receipts of the last commit still go out.
    await this.#queue.stop();
    this.#retained.stop();
    await this.#link.stop();
  }

  /** Takes events that alerting itself makes. */
  push(events: readonly IncomingEvent[]): void {
    this.#queue.push({ ...emptyBatch, events });
  }

  /** Publishes an alert as it is now: retained until it closes. */
  publishAlert(alert: Alert): void {
    const payload = alert.state === 'closed' ? '' : JSON.stringify(alert);
    this.#link.publishRetained(alertTopic(alert.site, alert.id), payload);
    this.#retained.note(alert.id);
    this.#options.feed.publish({ name: 'alert', payload: alert });
    this.#options.alertStored(alert);
  }

  /** Tells the world what a commit changed. Must not throw: the commit is done. */
  #announce({ receipts, alerts, fresh, heatChanged, late, unsettled }: CommitResult): void {
    const { feed, metrics, lateEvents, gateways } = this.#options;
    for (const receipt of receipts) this.#receipts.publish(receipt);
    for (const { gateway } of fresh.events.filter((event) => event.late))
      this.#backlogs.continues(gateway, performance.now());
    this.#backlogs.reported(unsettled, performance.now());
    for (const [gateway, count] of late) {
      const status = gateways.addLate(gateway, count);
      if (status) feed.publish({ name: 'gateway', payload: status });
    }
    for (const alert of alerts) this.publishAlert(alert);
    if (heatChanged) feed.publish({ name: 'heat', payload: {} });
    metrics.repeats.inc(fresh.repeats);
    for (const { event, late } of fresh.events) metrics.events.inc({ type: event.type, late: String(late) });
    for (const { code } of fresh.rejects) metrics.rejects.inc({ code });
    const lateTimes = fresh.events.flatMap(({ event, late }) => (late ? [Date.parse(event.time)] : []));
    if (lateTimes.length > 0) lateEvents(lateTimes);
    this.#noteDuplicates(fresh);
  }

  /** Two live copies of a gateway are counted and shown, and neither is stopped. */
  #noteDuplicates(fresh: CommitResult['fresh']): void {
    const { gateways, feed, nowMs, newId, directory } = this.#options;
    const found = findDuplicateGateways(fresh, gateways, directory.site.id, newId, nowMs());
    if (found.rejects.length > 0) this.#queue.push({ ...emptyBatch, rejects: found.rejects });
    for (const gateway of found.gateways) {
      const status = gateways.status(gateway);
      if (status) feed.publish({ name: 'gateway', payload: status });
    }
  }

  /** What these gateways reported late is decided in the order of their events. */
  #settle(gateways: readonly string[]): void {
    if (gateways.length > 0) this.#queue.push({ ...emptyBatch, settled: gateways });
  }

  async #warmUp(): Promise<void> {
    const { db, logger } = this.#options;
    await warmUpCommit(db, this.#context()).catch((error: unknown) =>
      logger.debug({ err: error }, 'the first commit could not be made ahead'),
    );
  }

  /** Takes up what an earlier run left open. */
  async #resume(): Promise<void> {
    const { db, directory, gateways, logger } = this.#options;
    try {
      gateways.startLate(await lateCounts(db, directory.site.id));
      const waiting = await gatewaysWithLateConditions(db, directory.site.id);
      this.#backlogs.reported(waiting, performance.now());
    } catch (error) {
      logger.warn({ err: error }, 'late events of an earlier run could not be read');
    }
  }

  /** After a (re)connection the broker may have lost what it retained, and receipts may have been missed. */
  async #republish(): Promise<void> {
    await this.#receipts.publishStored();
    await this.#retained.run();
  }
}
