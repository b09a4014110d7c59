import type { Alert } from '@watchpost/contracts/alert';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  alertTopic,
  brokerFloodTopic,
  floodingGateway,
  gatewayStateSchema,
  gatewayTopic,
  memoryEpochPrefix,
  parseJson,
  parseTopic,
  parseWith,
  type Receipt,
} from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { systemGateway } from '../health/loss-finding.ts';
import type { ClockHistory } from '../health/gateway-clock.ts';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { LossDetector } from '../health/loss-detector.ts';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { UptimeRecorder } from '../health/uptime-recorder.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import { RetainedAlertSync } from '../live/retained-alert-sync.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { prepareWorks } from '../risk/score-events.ts';
import { isDataError } from '../store/database-error.ts';
import { newestWatermarks, watermarkOf } from '../store/event-store.ts';
import { gatewaysWithLateConditions, lateCounts } from '../store/late-store.ts';
import type { Queryable } from '../store/schema.ts';
import { Backlogs } from './backlogs.ts';
import { BrokerLink, type BrokerOptions } from './broker-link.ts';
import { ClockSteps } from './clock-steps.ts';
import { CommitQueue } from './commit-queue.ts';
import { type CommitResult, commitWork } from './commit-work.ts';
import type { DecisionContext } from './decision-context.ts';
import type { ClockEstimate } from './event-time.ts';
import type { EpochPosition } from './handle-positions.ts';
import { commitPolicy, ingestPolicy } from './policy.ts';
import { type Message, type NewId, readEvents, toReject } from './read-events.ts';
import { readTelemetry } from './read-telemetry.ts';
import { warmUpCommit } from './warm-up.ts';
import { type IncomingEvent, noWork, type Work } from './work.ts';

export interface IngestOptions {
  readonly directory: SiteDirectory;
  readonly db: Queryable;
  /** Whether work is read and scored while earlier work is committed; needs a database with several connections. */
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

/** The way in: messages from the broker become committed work, receipts and alerts. */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #context: () => DecisionContext;
  readonly #link: BrokerLink;
  readonly #queue: CommitQueue;
  readonly #retained: RetainedAlertSync;
  readonly #backlogs: Backlogs;
  /** The newest receipt of each epoch, by gateway and epoch. */
  readonly #receipted = new Map<string, number>();
  readonly #steps: ClockSteps;
  #rounds: NodeJS.Timeout | undefined;
  #warmingUp: Promise<void> | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    const { db, directory, newId, nowMs, logger, policy, losses, uptime } = options;
    const site = directory.site.id;
    const context = () => ({ directory, newId, rules: defaultRuleSet, policy, nowMs: nowMs() });
    this.#context = context;
    this.#steps = new ClockSteps({ wallMs: nowMs, monotonicMs: () => performance.now() });
    this.#backlogs = new Backlogs(options.policy.settle);
    this.#queue = new CommitQueue({
      commit: (work) => commitWork(db, work, context()),
      ...(options.readAhead
        ? { prepare: (works, pending) => prepareWorks(db, works, pending, context()) }
        : { rowsPerCommit: commitPolicy.rowsOnOneConnection }),
      committed: (result) => this.#announce(result),
      toRejects: (work, cause) => toRejects(work, cause, site, newId),
      answers: async () => (await sql`select 1`.execute(db)).rows.length === 1,
      logger,
    });
    this.#link = new BrokerLink({
      ...options.broker,
      clientId: `alerting-${site}`,
      filters: (['up', 'telemetry', 'state'] as const).map((name) => gatewayTopic(name, site, '+')),
      // only our own broker has these
      optionalFilters: [brokerFloodTopic('+')],
      take: (topic, payload, retained) => this.#take(topic, payload, retained),
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

  get queue(): Pick<CommitQueue, 'depth' | 'failures' | 'trouble' | 'deadLetters'> {
    return this.#queue;
  }

  start(): void {
    this.#warmingUp = this.#warmUp();
    this.#link.start();
    this.#rounds = setInterval(() => {
      this.#lookAtClock();
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
    this.#queue.push({ ...noWork, events });
  }

  /** Publishes an alert as it is now: retained until it closes. */
  publishAlert(alert: Alert): void {
    const payload = alert.state === 'closed' ? '' : JSON.stringify(alert);
    this.#link.publishRetained(alertTopic(alert.site, alert.id), payload);
    this.#retained.note(alert.id);
    this.#options.feed.publish({ name: 'alert', payload: alert });
    this.#options.alertStored(alert);
  }

  async #take(topic: string, payload: Uint8Array, retained: boolean): Promise<void> {
    const { directory, newId, metrics, nowMs, losses } = this.#options;
    const flooding = floodingGateway(topic);
    if (flooding !== undefined) losses.takeFlood(flooding, payload.byteLength > 0);
    const parsed = parseTopic(topic);
    if (payload.byteLength === 0 || flooding !== undefined) return;
    if (!parsed) {
      // A wildcard matches levels that the topic table does not allow.
      const site = directory.site.id;
      const message: Message = { topic, parsed: { name: 'up', site }, payload, receivedMs: nowMs() };
      const reject = toReject(message, new WatchpostError('wire.topic'), newId);
      this.#queue.push({ ...noWork, rejects: [{ reject }] });
      return this.#queue.waitForCapacity();
    }
    const message: Message = { topic, parsed, payload, receivedMs: nowMs() };
    metrics.messages.inc({ topic: parsed.name });
    if (!retained && parsed.name !== 'state' && parsed.gateway !== undefined) losses.heard(parsed.gateway);
    if (parsed.name === 'telemetry') {
      this.#takeTelemetry(message);
      return; // never waits: what is read after it may be an alarm
    }
    if (parsed.name === 'up')
      this.#queue.push(readEvents(message, directory, newId, this.#clockOf(parsed.gateway)));
    else if (parsed.name === 'state') this.#takeState(message, retained);
    await this.#queue.waitForCapacity();
  }

  /** What is known of a gateway's clock, and of our own: looked at before anything is judged by it. */
  #clockOf(gateway: string | undefined): ClockHistory & ClockEstimate {
    this.#lookAtClock();
    return { ...this.#options.gateways.clockOf(gateway), behindMs: this.#steps.behindMs };
  }

  /** After our clock was set every gateway hears the new time at once, by the receipt that it had last. */
  #lookAtClock(): void {
    const stepMs = this.#steps.look();
    if (stepMs === 0) return;
    this.#options.logger.warn({ stepMs }, 'the clock of this machine was set');
    const newest = new Map<string, EpochPosition>();
    for (const [key, seq] of this.#receipted) {
      const [gateway = '', epoch = ''] = key.split(' ');
      newest.set(gateway, { gateway, epoch, seq });
    }
    for (const position of newest.values()) this.#publishReceipt(position);
  }

  #takeTelemetry(message: Message): void {
    const { directory, newId, metrics } = this.#options;
    const clock = this.#clockOf(message.parsed.gateway);
    if (this.#queue.hasTelemetryCapacity) {
      const known = { ...clock, ...(clock.corrects ? { offsetMs: null } : {}) };
      this.#queue.pushTelemetry(readTelemetry(message, directory, newId, known));
    } else metrics.telemetryDropped.inc();
  }

  #takeState(message: Message, retained: boolean): void {
    const { gateways, feed, newId, losses, uptime } = this.#options;
    const { gateway } = message.parsed;
    if (gateway === undefined) return;
    try {
      const state = parseWith(gatewayStateSchema, parseJson(message.payload));
      const status = gateways.takeState(gateway, state, message.receivedMs);
      if (!status) return;
      feed.publish({ name: 'gateway', payload: status });
      losses.takeState(gateway, state, !retained, status.errors);
      uptime.takeState(gateway, state, !retained);
      // One that the broker had kept is no word of now.
      if (retained || state.status === 'offline') return;
      if (state.outboxDepth === 0 && this.#backlogs.drained(gateway)) this.#settle([gateway]);
      if (state.epoch !== null) void this.#answerState(gateway, state.epoch);
    } catch (error) {
      this.#queue.push({ ...noWork, rejects: [{ reject: toReject(message, error, newId) }] });
    }
  }

  /** Tells the world what a commit changed. Must not throw: the commit is done. */
  #announce({ receipts, alerts, fresh, heatChanged, late, unsettled }: CommitResult): void {
    const { feed, metrics, lateEvents, gateways } = this.#options;
    for (const receipt of receipts) this.#publishReceipt(receipt);
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

  /** Notices two live copies of a gateway: counted and visible, and neither is stopped. */
  #noteDuplicates(fresh: CommitResult['fresh']): void {
    const { gateways, feed, nowMs, newId, directory } = this.#options;
    const duplicates = new Set<string>();
    const rejects: Work['rejects'][number][] = [];
    for (const { event, gateway, topic } of fresh.events) {
      // An outbox in memory speaks beside that on the disk, of the same gateway.
      if (event.epoch.startsWith(memoryEpochPrefix)) continue;
      const { alternated, newlyDuplicate } = gateways.takeEpoch(gateway, event.epoch);
      if (!alternated) continue;
      duplicates.add(gateway);
      if (!newlyDuplicate) continue;
      const parsed = { name: 'up', site: directory.site.id, gateway } as const;
      const message: Message = { topic, parsed, payload: new Uint8Array(), receivedMs: nowMs() };
      rejects.push({ reject: toReject(message, new WatchpostError('wire.duplicate_identity'), newId) });
    }
    for (const { code, gateway } of fresh.rejects) {
      if (code !== 'wire.duplicate_identity' || gateway === null || duplicates.has(gateway)) continue;
      if (gateways.status(gateway)?.error === undefined) duplicates.add(gateway);
      gateways.markDuplicate(gateway);
    }
    if (rejects.length > 0) this.#queue.push({ ...noWork, rejects });
    for (const gateway of duplicates) {
      const status = gateways.status(gateway);
      if (status) feed.publish({ name: 'gateway', payload: status });
    }
  }

  /** What these gateways reported late is decided in the order of their events. */
  #settle(gateways: readonly string[]): void {
    if (gateways.length > 0) this.#queue.push({ ...noWork, settled: gateways });
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

  /** A state is answered with a receipt: so a gateway learns what time it is before it sends anything. */
  async #answerState(gateway: string, epoch: string): Promise<void> {
    const { db, directory, logger } = this.#options;
    try {
      const site = directory.site.id;
      const key = `${gateway} ${epoch}`;
      const stored = this.#receipted.get(key) ?? (await watermarkOf(db, { site, gateway, epoch }));
      // A commit may have come in between.
      this.#publishReceipt({ gateway, epoch, seq: Math.max(stored, this.#receipted.get(key) ?? 0) });
    } catch (error) {
      logger.warn({ err: error, gateway }, 'state not answered');
    }
  }

  #publishReceipt({ gateway, epoch, seq }: EpochPosition): void {
    const { directory, nowMs } = this.#options;
    // Alerting itself needs none.
    if (gateway === systemGateway) return;
    this.#receipted.delete(`${gateway} ${epoch}`);
    this.#receipted.set(`${gateway} ${epoch}`, seq);
    for (const oldest of this.#receipted.keys()) {
      if (this.#receipted.size <= ingestPolicy.rememberedEpochs) break;
      this.#receipted.delete(oldest);
    }
    const time = new Date(nowMs()).toISOString();
    const receipt = { epoch, seq, time } satisfies Record<keyof Receipt, unknown>;
    this.#link.publishRetained(gatewayTopic('receipt', directory.site.id, gateway), JSON.stringify(receipt));
  }

  /** After a (re)connection the broker may have lost what it retained, and receipts may have been missed. */
  async #republish(): Promise<void> {
    const { db, directory, logger } = this.#options;
    try {
      for (const watermark of await newestWatermarks(db, directory.site.id)) this.#publishReceipt(watermark);
    } catch (error) {
      logger.warn({ err: error }, 'receipts could not be published again');
    }
    await this.#retained.run();
  }
}

/** Work that the database refuses for its content becomes rejects that keep its positions. */
function toRejects(work: Work, cause: unknown, site: string, newId: NewId): Work {
  const error = new WatchpostError(isDataError(cause) ? 'wire.schema' : 'store.dead_letter', { path: '/' });
  const rejects = work.events.map(({ event, gateway, device, topic, receivedMs }) => {
    const payload = Buffer.from(JSON.stringify(event));
    const message: Message = { topic, parsed: { name: 'up', site, gateway }, payload, receivedMs };
    const reject = toReject(message, error, newId, payload, device.id);
    return { reject, position: { gateway, epoch: event.epoch, seq: event.seq } };
  });
  return { ...noWork, rejects };
}
