import { randomUUID } from 'node:crypto';
import type { EventData, EventType } from '@watchpost/contracts/wire';
import mqtt, { type MqttClient } from 'mqtt';

/** A gateway’s client that sends events one by one, as soon as they are captured. */
export class EventSender {
  readonly #client: MqttClient;
  readonly #site: string;
  readonly #gateway: string;
  readonly #epoch = randomUUID().replaceAll('-', '');
  #seq = 0;

  private constructor(client: MqttClient, site: string, gateway: string) {
    this.#client = client;
    this.#site = site;
    this.#gateway = gateway;
  }

  static async connect(port: number, site: string, gateway: string): Promise<EventSender> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      ...{ username: gateway, password: gateway, clientId: `wp-${site}-${gateway}` },
    });
    return new EventSender(client, site, gateway);
  }

  smoke(device: string): Promise<void> {
    return this.send('watchpost.sensor.alarm.v1', device, { kind: 'smoke' });
  }

  /** Captured so many milliseconds ago. Resolves when the broker has it. */
  async send<T extends EventType>(type: T, device: string, data: EventData<T>, agoMs = 0): Promise<void> {
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: `/sites/${this.#site}/devices/${device}`,
      type,
      time: new Date(Date.now() - agoMs).toISOString(),
      subject: 'hall',
      data,
      gateway: this.#gateway,
      epoch: this.#epoch,
      seq: ++this.#seq,
    };
    await this.#client.publishAsync(`wp/1/${this.#site}/${this.#gateway}/up`, JSON.stringify(event), {
      qos: 1,
    });
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
