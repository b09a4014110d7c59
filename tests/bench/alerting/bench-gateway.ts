import { randomUUID } from 'node:crypto';
import { gatewayTopic } from '@watchpost/contracts/wire';
import { LeanClient } from '../../../broker/src/bench/lean-client.ts';

/** What an event says. */
export interface SaidEvent {
  readonly type: string;
  readonly device: string;
  readonly zone: string;
  readonly data: object;
}

/** Motion in the hall: recorded, and alerts nobody. */
export const motion = (index: number): SaidEvent => ({
  ...{ type: 'watchpost.sensor.alarm.v1', device: `motion-${index}`, zone: 'hall' },
  data: { kind: 'motion' },
});

/** Smoke, or another danger, that a detector in the hall tells. */
export const hallAlarm = (index: number, kind: string): SaidEvent => ({
  ...{ type: 'watchpost.sensor.alarm.v1', device: `hall-${index}`, zone: 'hall', data: { kind } },
});

/** Danger to life in a zone that stands apart. */
export const apartAlarm = (index: number, danger: 'smoke' | 'panic'): SaidEvent => ({
  ...{ device: `apart-${index}`, zone: `apart-${index}` },
  ...(danger === 'smoke'
    ? { type: 'watchpost.sensor.alarm.v1', data: { kind: 'smoke' } }
    : { type: 'watchpost.panic.pressed.v1', data: { silent: false } }),
});

/** A gateway’s client of a load: sends what it is told to, and hears what is stored. */
export class BenchGateway {
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

  static async connect(port: number, site: string, gateway: string): Promise<BenchGateway> {
    const made = new BenchGateway(site, gateway);
    const account = { clientId: `wp-${site}-${gateway}`, username: gateway };
    made.#client = await LeanClient.connect(port, account, { message: (payload) => made.#take(payload) });
    await made.#client.subscribe([gatewayTopic('receipt', site, gateway)], 1);
    return made;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Events that a receipt covers. */
  get stored(): number {
    return this.#stored;
  }

  /** When the newest receipt came, by `performance.now()`. */
  get storedAtMs(): number {
    return this.#storedAtMs;
  }

  /** Makes the message of these events, which has to be sent next. */
  message(said: readonly SaidEvent[]): Buffer {
    const time = new Date().toISOString();
    const events = said.map(({ type, device, zone, data }) => ({
      ...{
        specversion: '1.0',
        id: randomUUID(),
        source: `/sites/${this.#site}/devices/${device}`,
        type,
        time,
      },
      ...{ subject: zone, data, gateway: this.#gateway, epoch: this.#epoch, seq: ++this.#sent },
    }));
    return Buffer.from(JSON.stringify(events.length === 1 ? events[0] : events));
  }

  /** Sends events in one message. */
  send(said: readonly SaidEvent[]): void {
    this.#client?.send(LeanClient.frame(gatewayTopic('up', this.#site, this.#gateway), this.message(said)));
  }

  stop(): void {
    this.#client?.socket.destroy();
  }

  #take(payload: Buffer): void {
    const { epoch, seq } = JSON.parse(payload.toString()) as { epoch: string; seq: number };
    if (epoch !== this.#epoch || seq <= this.#stored) return;
    this.#stored = seq;
    this.#storedAtMs = performance.now();
  }
}

/** Connects all gateways of a site. */
export const connectAll = (
  port: number,
  site: { readonly id: string; readonly gateways: readonly string[] },
) => Promise.all(site.gateways.map((gateway) => BenchGateway.connect(port, site.id, gateway)));
