import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayTopic } from '@watchpost/contracts/wire';
import { LeanClient } from '../../broker/src/bench/lean-client.ts';

/** What an event says. */
export interface SaidEvent {
  readonly type: string;
  readonly device: string;
  readonly zone: string;
  readonly data: object;
  /** Capture time; by default now. */
  readonly timeMs?: number;
}

/** An alarm of a sensor in the hall. */
export const hallAlarm = (device: string, kind: string, timeMs?: number): SaidEvent => ({
  ...{ type: 'watchpost.sensor.alarm.v1', device, zone: 'hall', data: { kind } },
  ...(timeMs === undefined ? {} : { timeMs }),
});

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

  /** All gateways of a site. */
  static connectAll(
    port: number,
    { id, gateways }: { readonly id: string; readonly gateways: readonly string[] },
  ): Promise<ReceiptedSender[]> {
    return Promise.all(gateways.map((gateway) => ReceiptedSender.connect(port, id, gateway)));
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
  send(said: readonly SaidEvent[]): void {
    const events = said.map((one) => this.#event(one));
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

  #event({ type, device, zone, data, timeMs = Date.now() }: SaidEvent): object {
    return {
      ...{ specversion: '1.0', id: randomUUID(), source: `/sites/${this.#site}/devices/${device}`, type },
      ...{ time: new Date(timeMs).toISOString(), subject: zone, data },
      ...{ gateway: this.#gateway, epoch: this.#epoch, seq: ++this.#sent },
    };
  }

  #take(payload: Buffer): void {
    const { epoch, seq } = JSON.parse(payload.toString()) as { epoch: string; seq: number };
    if (epoch !== this.#epoch || seq <= this.#stored) return;
    this.#stored = seq;
    this.#storedAtMs = performance.now();
  }
}
