import { WatchpostError } from '@watchpost/contracts/errors';
import { type GatewayState, parseJson, parseWith, receiptSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { ClockFile } from '../clock/clock-file.ts';
import type { Outbox, ReceiptOutcome } from '../outbox/outbox.ts';
import type { TakenPack, TelemetryBuffer } from '../outbox/telemetry-buffer.ts';
import { clockPolicy, receiptPolicy, sendPolicy, statePolicy } from '../policy.ts';
import { MqttLink, type MqttLinkOptions, type ToldTopic } from './mqtt-link.ts';
import { ReceiptDeadline, type ReceiptLimits } from './receipt-deadline.ts';
import { Sender } from './sender.ts';

export interface UplinkOptions
  extends Pick<MqttLinkOptions, 'broker' | 'site' | 'gateway' | 'log' | 'limits'> {
  readonly log: Logger;
  readonly outbox: Outbox;
  /** Urgent events while the disk takes none; sent beside the outbox, under an epoch of its own. */
  readonly overflow?: Outbox | undefined;
  /** Learns the server's time from receipts. */
  readonly clock: Pick<ClockFile, 'observe' | 'clock'>;
  /** How long events wait after a connection for the first receipt, default {@link clockPolicy}. */
  readonly waitForOffsetMs?: number;
  readonly telemetry: TelemetryBuffer;
  readonly telemetryEveryMs: number;
  /**
   * For how long receipts must be behind our watermark until the store counts as having forgotten, default
   * {@link sendPolicy}.
   */
  readonly forgottenAfterMs?: number;
  /** How long receipts may take, default {@link receiptPolicy}. */
  readonly receipts?: ReceiptLimits;
  state(status: GatewayState['status']): GatewayState;
  /** `retained`: the broker had kept it from earlier. */
  onCommand(payload: Uint8Array, retained: boolean): void;
  onPolicy(payload: Uint8Array): void;
  /** A document was announced; absent: nobody listens for that. */
  readonly onAnnounced?: ((topic: ToldTopic, payload: Uint8Array, retained: boolean) => void) | undefined;
  /** The connection ended. */
  readonly onDown?: (() => void) | undefined;
  /** A message that is not of the contract. */
  onRefused(error: WatchpostError): void;
}

/** Events that are sent in order under one epoch. */
interface Queue {
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly receipts: ReceiptDeadline;
  /** Since when receipts are behind our watermark, by `performance.now`. */
  behindSince: number | null;
}

/**
 * Everything that goes over the link and when: events, measurements, state; and what comes back. Owns its
 * timers.
 */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #link: MqttLink;
  readonly #queues: readonly Queue[];
  /** The one pack of measurements that the broker has not acknowledged. */
  #underWay: TakenPack | undefined;
  #offsetDue: NodeJS.Timeout | null = null;
  #timers: NodeJS.Timeout[] = [];
  #stateDue: NodeJS.Timeout | null = null;
  /** What the last state message said of the outbox. */
  #saidDepth = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
    const { receipts = receiptPolicy } = options;
    this.#queues = [options.outbox, options.overflow].flatMap((outbox) =>
      outbox
        ? [
            {
              outbox,
              sender: new Sender(outbox, () => performance.now()),
              receipts: new ReceiptDeadline(receipts),
              behindSince: null,
            },
          ]
        : [],
    );
    this.#link = new MqttLink({
      ...options,
      isTold: options.onAnnounced !== undefined,
      will: () => JSON.stringify(options.state('offline')),
      onUp: () => this.#up(),
      onDown: () => this.#down(),
      onMessage: (topic, payload, retained) => {
        if (topic === 'receipt') this.#receipt(payload, retained);
        else if (topic === 'cmd') options.onCommand(payload, retained);
        else if (payload.byteLength === 0) return;
        else if (topic === 'policy') options.onPolicy(payload);
        else options.onAnnounced?.(topic, payload, retained);
      },
    });
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  start(): void {
    const { telemetryEveryMs } = this.#options;
    this.#link.start();
    this.#timers = [
      setInterval(() => this.#tick(), sendPolicy.tickMs),
      setInterval(() => this.#sendTelemetry(), telemetryEveryMs),
      setInterval(() => this.#sendState(), statePolicy.everyMs),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#stateDue) clearTimeout(this.#stateDue);
    if (this.#offsetDue) clearTimeout(this.#offsetDue);
    this.#sendTelemetry();
    await this.#link.stop(JSON.stringify(this.#options.state('offline')));
  }

  /** The credentials have changed: the connection is made anew with them. */
  reconnect(): void {
    void this.#link.reconnect();
  }

  /** An event was written: it leaves now. */
  eventStored(): void {
    for (const { sender } of this.#queues) sender.wake();
  }

  /** Something in the state changed: it is sent soon. */
  stateChanged(): void {
    this.#stateDue ??= setTimeout(() => {
      this.#stateDue = null;
      this.#sendState();
    }, statePolicy.settleMs);
  }

  reply(payload: string): void {
    this.#link.publish('reply', payload);
  }

  #up(): void {
    // The store answers the state with a receipt, which says what time it is: then the events can say it too.
    this.#sendState();
    if (this.#options.clock.clock.source !== 'none') {
      this.#beginSending();
      return;
    }
    const waitMs = this.#options.waitForOffsetMs ?? clockPolicy.waitForOffsetMs;
    this.#offsetDue = setTimeout(() => this.#beginSending(), waitMs);
  }

  #tick(): void {
    for (const { sender, receipts } of this.#queues) {
      sender.tick();
      const overdueMs = receipts.tick(sendPolicy.tickMs, sender.waiting);
      if (overdueMs !== undefined) this.#link.giveUp(`no receipt for events within ${overdueMs} ms`);
    }
  }

  #beginSending(): void {
    if (this.#offsetDue) clearTimeout(this.#offsetDue);
    this.#offsetDue = null;
    for (const { sender } of this.#queues)
      sender.connected((payload, done) => this.#link.publish('up', payload, { done }));
  }

  #down(): void {
    this.#options.onDown?.();
    if (this.#offsetDue) clearTimeout(this.#offsetDue);
    this.#offsetDue = null;
    for (const { sender, receipts } of this.#queues) {
      sender.disconnected();
      receipts.disconnected();
    }
    if (this.#underWay) this.#options.telemetry.giveBack(this.#underWay);
    this.#underWay = undefined;
  }

  /**
   * A receipt that was made just now says what time it is; the first one of all lets the waiting events say
   * so too.
   */
  #learnTime(serverMs: number): void {
    const { clock, outbox } = this.#options;
    const first = clock.clock.source === 'none';
    clock.observe(serverMs);
    if (!first) return;
    for (const queue of this.#queues) queue.outbox.stampWaiting();
    if (this.#offsetDue) this.#beginSending();
    this.#options.log.info({ offsetMs: clock.clock.offsetMs, epoch: outbox.epoch }, 'server time known');
    this.stateChanged();
  }

  #sendState(): void {
    const state = this.#options.state('online');
    this.#saidDepth = state.outboxDepth;
    this.#link.publish('state', JSON.stringify(state), { retain: true });
  }

  /**
   * One pack at a time, and none while an urgent event is on the line: on a thin one measurements would stand
   * before the alarm.
   */
  #sendTelemetry(): void {
    const isUrgent = this.#queues.some(({ sender }) => sender.isUrgent);
    if (!this.#link.connected || this.#underWay || isUrgent) return;
    const pack = this.#options.telemetry.take();
    if (!pack) return;
    this.#underWay = pack;
    const done = () => {
      if (this.#underWay !== pack) return;
      this.#underWay = undefined;
      this.#sendTelemetry();
    };
    this.#link.publish('telemetry', pack.payload, { done });
  }

  #receipt(payload: Uint8Array, retained: boolean): void {
    const { log } = this.#options;
    try {
      const receipt = parseWith(receiptSchema, parseJson(payload));
      // A retained one was made some time ago: it says nothing about the clock.
      if (!retained) this.#learnTime(Date.parse(receipt.time));
      const queue = this.#queues.find(({ outbox }) => outbox.epoch === receipt.epoch);
      if (!queue) {
        log.info({ epoch: receipt.epoch, retained }, 'receipt of another epoch ignored');
        return;
      }
      const before = queue.outbox.watermark;
      const outcome = queue.outbox.confirm(receipt);
      if (queue.outbox.watermark !== before) queue.receipts.progressed();
      this.#watchForgetting(queue, outcome, retained);
      if (outcome === 'rolled_back')
        log.warn({ epoch: queue.outbox.epoch }, 'outbox is older than its receipt; new epoch begun');
      queue.sender.receiptApplied();
      // The last word about an outbox that is empty again must not be that something waits.
      if (this.#saidDepth > 0 && this.#queues.every(({ outbox }) => outbox.depth === 0)) this.stateChanged();
    } catch (error) {
      if (error instanceof WatchpostError) this.#options.onRefused(error);
      else log.error({ err: error }, 'receipt could not be applied');
    }
  }

  /**
   * A store that was replaced counts from zero and would wait for ever for what it once confirmed and we
   * dropped. Receipts that stay behind our watermark tell it from one that was merely overtaken on its way;
   * the waiting events then go on under a new epoch.
   */
  #watchForgetting(queue: Queue, outcome: ReceiptOutcome, retained: boolean): void {
    const { log, forgottenAfterMs = sendPolicy.forgottenAfterMs } = this.#options;
    if (outcome !== 'behind') {
      if (outcome !== 'other_epoch') queue.behindSince = null;
      return;
    }
    if (retained) return;
    queue.behindSince ??= performance.now();
    if (performance.now() - queue.behindSince < forgottenAfterMs) return;
    queue.behindSince = null;
    queue.outbox.beginNewEpoch();
    log.warn({ epoch: queue.outbox.epoch }, 'the store forgot what it had confirmed; new epoch begun');
  }
}
