import { randomUUID } from 'node:crypto';
import { gatewayTopic } from '@watchpost/contracts/wire';
import mqtt, { type MqttClient } from 'mqtt';
import { Sender } from '../../edge-agent/src/link/sender.ts';
import { sendPolicy } from '../../edge-agent/src/policy.ts';
import type { SaidEvent } from './receipted-sender.ts';

interface SentEvent {
  readonly id: string;
  readonly json: string;
  readonly sentMs: number;
  receiptedMs: number | undefined;
}

/**
 * A gateway’s outbox and link without the rest of it: it sends and sends again as a gateway does, with the
 * same sender, and knows of each event when a receipt covered it. Times are of `performance.now()`.
 */
export class ResendingGateway {
  readonly #client: MqttClient;
  readonly #site: string;
  readonly #gateway: string;
  readonly #device: string;
  readonly #epoch = randomUUID().replaceAll('-', '');
  readonly #events: SentEvent[] = [];
  readonly #sender: Sender;
  readonly #ticks: NodeJS.Timeout;
  #watermark = 0;

  private constructor(client: MqttClient, site: string, gateway: string, device: string) {
    this.#client = client;
    this.#site = site;
    this.#gateway = gateway;
    this.#device = device;
    const { read, epoch } = { read: this.#read.bind(this), epoch: this.#epoch };
    const marks = () => ({ watermark: this.#watermark, lastSeq: this.#events.length });
    const queue = {
      epoch,
      read,
      get watermark() {
        return marks().watermark;
      },
      get lastSeq() {
        return marks().lastSeq;
      },
    };
    this.#sender = new Sender(queue, () => performance.now());
    client.on('message', (_topic, payload) => this.#take(payload));
    client.on('connect', () => this.#connected());
    client.on('close', () => this.#sender.disconnected());
    this.#ticks = setInterval(() => this.#sender.tick(), sendPolicy.tickMs);
  }

  static async connect(
    port: number,
    site: string,
    gateway: string,
    device: string,
  ): Promise<ResendingGateway> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      ...{ username: gateway, password: gateway, clientId: `wp-${site}-${gateway}`, reconnectPeriod: 200 },
    });
    const one = new ResendingGateway(client, site, gateway, device);
    await client.subscribeAsync(gatewayTopic('receipt', site, gateway), { qos: 1 });
    one.#connected();
    return one;
  }

  /** Ids of all that was sent. */
  get ids(): readonly string[] {
    return this.#events.map(({ id }) => id);
  }

  /** Events that no receipt covers. */
  get waiting(): number {
    return this.#events.length - this.#watermark;
  }

  /** When the first event that was made after this time was covered; undefined while it is not. */
  coveredAfter(ms: number): number | undefined {
    return this.#events.find(({ sentMs }) => sentMs >= ms)?.receiptedMs;
  }

  /** Makes an event of its door, alternating between an alarm and its end. */
  send(): void {
    const isAlarm = this.#events.length % 2 === 0;
    const type = isAlarm ? 'watchpost.sensor.alarm.v1' : 'watchpost.sensor.cleared.v1';
    this.say({ type, device: this.#device, zone: 'hall', data: { kind: 'door' } });
  }

  /** Makes an event that says this. */
  say({ type, device, zone, data, timeMs = Date.now() }: SaidEvent): void {
    const id = randomUUID();
    const event = {
      ...{ specversion: '1.0', id, source: `/sites/${this.#site}/devices/${device}`, type },
      ...{ time: new Date(timeMs).toISOString(), subject: zone, data },
      ...{ gateway: this.#gateway, epoch: this.#epoch, seq: this.#events.length + 1 },
    };
    this.#events.push({
      ...{ id, json: JSON.stringify(event), sentMs: performance.now(), receiptedMs: undefined },
    });
    this.#sender.wake();
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticks);
    await this.#client.endAsync(true);
  }

  #connected(): void {
    this.#sender.connected((payload, done) =>
      this.#client.publish(gatewayTopic('up', this.#site, this.#gateway), payload, { qos: 1 }, (error) => {
        if (!error) done();
      }),
    );
  }

  #read(after: number, limit: number, only?: 'all' | 'urgent') {
    if (only === 'urgent') return [];
    return this.#events
      .slice(after, after + limit)
      .map(({ json }, index) => ({ seq: after + index + 1, urgent: false, json }));
  }

  #take(payload: Buffer): void {
    const { epoch, seq } = JSON.parse(payload.toString()) as { epoch: string; seq: number };
    if (epoch !== this.#epoch || seq <= this.#watermark) return;
    const now = performance.now();
    for (const event of this.#events.slice(this.#watermark, seq)) event.receiptedMs = now;
    this.#watermark = seq;
    this.#sender.receiptApplied();
  }
}
