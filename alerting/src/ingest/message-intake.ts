import { WatchpostError } from '@watchpost/contracts/errors';
import {
  announcementSchema,
  floodingGateway,
  gatewayStateSchema,
  parseJson,
  parseTopic,
  parseWith,
  signedAnnouncementSchema,
} from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { ClockHistory } from '../health/gateway-clock.ts';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { LossDetector } from '../health/loss-detector.ts';
import { systemGateway } from '../health/loss-finding.ts';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { UptimeRecorder } from '../health/uptime-recorder.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import { ClockSteps } from './clock-steps.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { ClockEstimate } from './event-time.ts';
import { emptyBatch } from './ingest-batch.ts';
import type { LatenessLimits } from './policy.ts';
import { readEvents } from './read-events.ts';
import { readTelemetry } from './read-telemetry.ts';
import type { ReceiptPublisher } from './receipt-publisher.ts';
import { type Message, type NewId, toReject } from './to-reject.ts';

/** What {@link MessageIntake} needs. */
export interface MessageIntakeOptions {
  readonly directory: SiteDirectory;
  readonly gateways: GatewayRegistry;
  readonly feed: LiveFeed;
  readonly metrics: AlertingMetrics;
  readonly logger: Logger;
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly late: LatenessLimits;
  readonly losses: Pick<LossDetector, 'heard' | 'takeState' | 'takeFlood'>;
  readonly uptime: Pick<UptimeRecorder, 'takeState'>;
  readonly queue: CommitQueue;
  readonly receipts: ReceiptPublisher;
  /** Whether this service speaks for a gateway: others take what the others say. By default it does. */
  readonly speaksFor?: (gateway: string) => boolean;
  /** Told that a name that no gateway of the site has says how it is. */
  readonly stranger?: (gateway: string) => void;
  /** Told that a gateway’s canary came. */
  readonly canaryArrived?: (gateway: string) => void;
  /** Told that a gateway says that nothing waits in its outbox. */
  readonly drained: (gateway: string) => void;
}

/**
 * Reads what comes from the broker: events and measurements go into the commit queue, states to whoever
 * follows gateways.
 */
export class MessageIntake {
  readonly #options: MessageIntakeOptions;
  readonly #steps: ClockSteps;

  constructor(options: MessageIntakeOptions) {
    this.#options = options;
    this.#steps = new ClockSteps({ wallMs: options.nowMs, monotonicMs: () => performance.now() });
  }

  /** Takes a message; settles once the queue takes more. Does not reject. */
  async take(topic: string, payload: Uint8Array, retained: boolean): Promise<void> {
    const { directory, newId, metrics, nowMs, losses, late } = this.#options;
    const flooding = floodingGateway(topic);
    if (flooding?.site === directory.site.id) losses.takeFlood(flooding.gateway, payload.byteLength > 0);
    const parsed = parseTopic(topic);
    if (parsed?.name === 'site') return this.#takeAnnouncement(parsed.gateway, payload);
    if (payload.byteLength === 0 || flooding !== undefined) return;
    const speaks = this.#speaksFor(parsed?.gateway);
    if (!parsed) {
      if (!speaks) return;
      // A wildcard matches levels that the topic table does not allow.
      const site = directory.site.id;
      const message: Message = { topic, parsed: { name: 'up', site }, payload, receivedMs: nowMs() };
      const reject = toReject(message, new WatchpostError('wire.topic'), newId);
      this.#options.queue.push({ ...emptyBatch, rejects: [{ reject }] });
      return this.#options.queue.waitForCapacity();
    }
    if (!speaks && parsed.name !== 'state') return;
    const message: Message = { topic, parsed, payload, receivedMs: nowMs() };
    metrics.messages.inc({ site: directory.site.id, topic: parsed.name });
    if (!retained && parsed.name !== 'state' && parsed.gateway !== undefined) losses.heard(parsed.gateway);
    if (parsed.name === 'telemetry') {
      this.#takeTelemetry(message);
      return; // never waits: what is read after it may be an alarm
    }
    if (parsed.name === 'up') {
      const batch = readEvents(message, directory, newId, late, this.#clockOf(parsed.gateway));
      for (const { gateway } of batch.canaries) this.#options.canaryArrived?.(gateway);
      this.#options.queue.push(batch);
    } else if (parsed.name === 'state') this.#takeState(message, retained);
    await this.#options.queue.waitForCapacity();
  }

  /** What is known of a gateway's clock, and of our own: looked at before anything is judged by it. */
  #clockOf(gateway: string | undefined): ClockHistory & ClockEstimate {
    this.checkClock();
    return { ...this.#options.gateways.clockOf(gateway), behindMs: this.#steps.behindMs };
  }

  /** After our clock was set every gateway hears the new time at once, by the receipt that it had last. */
  checkClock(): void {
    const stepMs = this.#steps.look();
    if (stepMs === 0) return;
    this.#options.logger.warn({ stepMs }, 'the clock of this machine was set');
    this.#options.receipts.publishNewest();
  }

  /** What comes under no known name is taken by who does what is done once for the site. */
  #speaksFor(gateway: string | undefined): boolean {
    const { directory, speaksFor = () => true } = this.#options;
    const known = directory.site.gateways.find((id) => id === gateway);
    return speaksFor(known ?? systemGateway);
  }

  /** What a gateway is told by others of this server, so that people see whether it has it. */
  #takeAnnouncement(gateway: string | undefined, payload: Uint8Array): void {
    if (gateway === undefined) return;
    const { gateways, feed, logger } = this.#options;
    try {
      const version = payload.byteLength === 0 ? undefined : announcedVersion(payload);
      const status = gateways.takeAnnounced(gateway, version);
      if (status) feed.publish({ name: 'gateway', site: status.site, payload: status });
    } catch (error) {
      logger.warn({ err: error, gateway }, 'announcement not understood');
    }
  }

  #takeTelemetry(message: Message): void {
    const { directory, newId, metrics } = this.#options;
    const clock = this.#clockOf(message.parsed.gateway);
    if (this.#options.queue.hasTelemetryCapacity) {
      const known = { ...clock, ...(clock.corrects ? { offsetMs: null } : {}) };
      this.#options.queue.pushTelemetry(readTelemetry(message, directory, newId, known));
    } else metrics.telemetryDropped.inc({ site: directory.site.id });
  }

  #takeState(message: Message, retained: boolean): void {
    const { gateways, feed, newId, losses, uptime } = this.#options;
    const { gateway } = message.parsed;
    if (gateway === undefined) return;
    try {
      const state = parseWith(gatewayStateSchema, parseJson(message.payload));
      const status = gateways.takeState(gateway, state, message.receivedMs);
      if (!status) {
        this.#options.stranger?.(gateway);
        return;
      }
      feed.publish({ name: 'gateway', site: status.site, payload: status });
      losses.takeState(gateway, state, !retained, status.errors);
      uptime.takeState(gateway, state, !retained);
      // One that the broker had kept is no word of now.
      if (retained || state.status === 'offline' || !this.#speaksFor(gateway)) return;
      if (state.outboxDepth === 0) this.#options.drained(gateway);
      if (state.epoch !== null) void this.#options.receipts.answerState(gateway, state.epoch);
    } catch (error) {
      if (!this.#speaksFor(gateway)) return;
      this.#options.queue.push({ ...emptyBatch, rejects: [{ reject: toReject(message, error, newId) }] });
    }
  }
}

/** @throws WatchpostError `wire.*` */
function announcedVersion(payload: Uint8Array): number {
  const { announcement } = parseWith(signedAnnouncementSchema, parseJson(payload));
  return parseWith(announcementSchema, parseJson(Buffer.from(announcement, 'base64url'))).version;
}
