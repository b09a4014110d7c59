import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayTopic } from '@watchpost/contracts/wire';
import { LeanClient } from '../../broker/src/bench/lean-client.ts';

/** An alarm of one sensor. */
export interface Alarm {
  readonly device: string;
  readonly zone: string;
  readonly kind: string;
  /** Capture time. */
  readonly timeMs: number;
}

/**
 * A gateway's client, with an epoch of its own, that knows up to which event alerting has stored what it
 * sent.
 */
export class ReceiptedSender {
  readonly #site: string;
  readonly #gateway: string;
  readonly #epoch = randomUUID().replaceAll('-', '');
  #client: LeanClient | undefined;
  #sent = 0;
  #stored = 0;
  #storedAtMs = 0;

  private constructor(site: string, gateway: string) {
    this.#site = site;
    this.#gateway = gateway;
  }

  static async connect(port: number, site: string, gateway: string): Promise<ReceiptedSender> {
    const sender = new ReceiptedSender(site, gateway);
    const account = { clientId: `wp-${site}-${gateway}`, username: gateway };
    sender.#client = await LeanClient.connect(port, account, { message: (payload) => sender.#take(payload) });
    await sender.#client.subscribe([gatewayTopic('receipt', site, gateway)], 1);
    return sender;
  }

  /** Events sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Events of which a receipt has come. */
  get stored(): number {
    return this.#stored;
  }

  /** When the newest receipt came, by `performance.now()`. */
  get storedAtMs(): number {
    return this.#storedAtMs;
  }

  /** Sends these in one message; one alone as a message without a list. */
  send(alarms: readonly Alarm[]): void {
    const events = alarms.map((alarm) => this.#event(alarm));
    const payload = Buffer.from(JSON.stringify(events.length === 1 ? events[0] : events));
    this.#client?.send(LeanClient.frame(gatewayTopic('up', this.#site, this.#gateway), payload));
  }

  /** Waits until at most so many events are without a receipt. */
  async whenOpenAtMost(events: number, deadlineMs: number): Promise<void> {
    while (this.#sent - this.#stored > events) {
      if (performance.now() > deadlineMs)
        throw new Error(`receipts of ${this.#stored} of ${this.#sent} events came in time`);
      await sleep(1);
    }
  }

  stop(): void {
    this.#client?.socket.destroy();
  }

  #event({ device, zone, kind, timeMs }: Alarm): object {
    return {
      specversion: '1.0',
      id: randomUUID(),
      source: `/sites/${this.#site}/devices/${device}`,
      type: 'watchpost.sensor.alarm.v1',
      time: new Date(timeMs).toISOString(),
      subject: zone,
      data: { kind },
      gateway: this.#gateway,
      epoch: this.#epoch,
      seq: ++this.#sent,
    };
  }

  #take(payload: Buffer): void {
    const { epoch, seq } = JSON.parse(payload.toString()) as { epoch: string; seq: number };
    if (epoch !== this.#epoch || seq <= this.#stored) return;
    this.#stored = seq;
    this.#storedAtMs = performance.now();
  }
}
