import { type GatewayState, parseJson, parseWith, receiptSchema, WatchpostError } from '@watchpost/contracts';
import type { Logger } from 'pino';
import { ClockOffset } from '../domain/clock-offset.ts';
import type { Outbox, ReceiptOutcome } from '../outbox/outbox.ts';
import type { TelemetryBuffer } from '../sensors/telemetry-buffer.ts';
import { MqttLink, type MqttLinkOptions } from './mqtt-link.ts';
import { Sender } from './sender.ts';

export interface UplinkOptions
  extends Pick<MqttLinkOptions, 'broker' | 'site' | 'gateway' | 'log' | 'retry'> {
  readonly log: Logger;
  readonly outbox: Outbox;
  readonly telemetry: TelemetryBuffer;
  readonly telemetryEveryMs: number;
  /** For how long receipts must be behind our watermark until the store counts as having forgotten; default 30 s. */
  readonly forgottenAfterMs?: number;
  now(): number;
  state(status: GatewayState['status']): GatewayState;
  onCommand(payload: Uint8Array): void;
  onPolicy(payload: Uint8Array): void;
  /** A message that is not of the contract. */
  onRefused(error: WatchpostError): void;
}

/** Longest time between two state messages. */
const stateEveryMs = 30_000;
/** Changes within this time make one state message. */
const stateSettleMs = 250;

/** Everything that goes over the link and when: events, measurements, state; and what comes back. Owns its timers. */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #link: MqttLink;
  readonly #sender: Sender;
  readonly #offset = new ClockOffset();
  #behindSince: number | null = null;
  #timers: NodeJS.Timeout[] = [];
  #stateDue: NodeJS.Timeout | null = null;
  /** What the last state message said of the outbox. */
  #saidDepth = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#sender = new Sender(options.outbox, () => performance.now());
    this.#link = new MqttLink({
      ...options,
      will: () => JSON.stringify(options.state('offline')),
      onUp: () => this.#up(),
      onDown: () => this.#sender.disconnected(),
      onMessage: (topic, payload, retained) => {
        if (topic === 'receipt') this.#receipt(payload, retained);
        else if (topic === 'cmd') options.onCommand(payload);
        else if (payload.byteLength > 0) options.onPolicy(payload);
      },
    });
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  /** Gateway clock minus server clock in milliseconds; null before the first receipt. */
  get clockOffsetMs(): number | null {
    return this.#offset.valueMs;
  }

  start(): void {
    const { telemetryEveryMs } = this.#options;
    this.#link.start();
    this.#timers = [
      setInterval(() => this.#sender.tick(), 500),
      setInterval(() => this.#sendTelemetry(), telemetryEveryMs),
      setInterval(() => this.#sendState(), stateEveryMs),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#stateDue) clearTimeout(this.#stateDue);
    this.#sendTelemetry();
    await this.#link.stop(JSON.stringify(this.#options.state('offline')));
  }

  /** The credentials have changed: the connection is made anew with them. */
  reconnect(): void {
    void this.#link.reconnect();
  }

  /** An event was written: it leaves now. */
  eventStored(): void {
    this.#sender.wake();
  }

  /** Something in the state changed: it is sent soon. */
  stateChanged(): void {
    this.#stateDue ??= setTimeout(() => {
      this.#stateDue = null;
      this.#sendState();
    }, stateSettleMs);
  }

  reply(payload: string): void {
    this.#link.publish('reply', payload);
  }

  #up(): void {
    this.#sendState();
    this.#sender.connected((payload, done) => this.#link.publish('up', payload, { done }));
  }

  #sendState(): void {
    const state = this.#options.state('online');
    this.#saidDepth = state.outboxDepth;
    this.#link.publish('state', JSON.stringify(state), { retain: true });
  }

  #sendTelemetry(): void {
    const { telemetry } = this.#options;
    if (!this.#link.connected || telemetry.size === 0) return;
    for (const pack of telemetry.drain()) this.#link.publish('telemetry', pack);
  }

  #receipt(payload: Uint8Array, retained: boolean): void {
    const { log, outbox, now } = this.#options;
    const arrivedMs = now();
    try {
      const receipt = parseWith(receiptSchema, parseJson(payload));
      // A retained one was made some time ago: it says nothing about the clock.
      if (!retained) this.#offset.observe(arrivedMs, Date.parse(receipt.time));
      const outcome = outbox.confirm(receipt);
      this.#watchForgetting(outcome, retained);
      if (outcome === 'other_epoch')
        log.info({ epoch: receipt.epoch, retained }, 'receipt of another epoch ignored');
      if (outcome === 'rolled_back')
        log.warn({ epoch: outbox.epoch }, 'outbox is older than its receipt; new epoch begun');
      this.#sender.receiptApplied();
      // The last word about an outbox that is empty again must not be that something waits.
      if (this.#saidDepth > 0 && outbox.depth === 0) this.stateChanged();
    } catch (error) {
      if (error instanceof WatchpostError) this.#options.onRefused(error);
      else log.error({ err: error }, 'receipt could not be applied');
    }
  }

  /**
   * A store that was replaced counts from zero and would wait for ever for what it once confirmed and we dropped. Receipts that stay behind
   * our watermark tell it from one that was merely overtaken on its way; the waiting events then go on under a new epoch.
   */
  #watchForgetting(outcome: ReceiptOutcome, retained: boolean): void {
    const { log, outbox, forgottenAfterMs = 30_000 } = this.#options;
    if (outcome !== 'behind') {
      if (outcome !== 'other_epoch') this.#behindSince = null;
      return;
    }
    if (retained) return;
    this.#behindSince ??= performance.now();
    if (performance.now() - this.#behindSince < forgottenAfterMs) return;
    this.#behindSince = null;
    outbox.beginNewEpoch();
    log.warn({ epoch: outbox.epoch }, 'the store forgot what it had confirmed; new epoch begun');
  }
}
