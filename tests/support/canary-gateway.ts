import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';

/** A gateway by a plain client that says how it is and sends canaries, until it is told to send none. */
export class CanaryGateway {
  readonly #client: MqttClient;
  readonly #site: string;
  readonly #gateway: string;
  readonly #epoch = randomUUID().replaceAll('-', '');
  readonly #timers: NodeJS.Timeout[] = [];
  #seq = 0;
  /** Says how it is and sends no canary any more. */
  isMute = false;

  private constructor(client: MqttClient, site: string, gateway: string) {
    this.#client = client;
    this.#site = site;
    this.#gateway = gateway;
  }

  /** @param everyMs between two canaries */
  static async connect(port: number, site: string, gateway: string, everyMs: number): Promise<CanaryGateway> {
    const account = { username: gateway, password: gateway, clientId: `canary-${site}-${gateway}` };
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, account);
    const made = new CanaryGateway(client, site, gateway);
    made.#timers.push(
      setInterval(() => made.#state(), 5_000),
      setInterval(() => made.#canary(everyMs), everyMs),
    );
    made.#state();
    return made;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#client.endAsync(true);
  }

  #publish(topic: string, message: object, retain: boolean): void {
    this.#client.publish(
      `wp/1/${this.#site}/${this.#gateway}/${topic}`,
      JSON.stringify(message),
      { qos: 1, retain },
      () => undefined,
    );
  }

  #state(): void {
    const time = new Date().toISOString();
    const nothing = { clockOffsetMs: null, epoch: this.#epoch, outboxDepth: 0, devices: [] };
    this.#publish('state', { status: 'online', time, version: '1', ...nothing }, true);
  }

  #canary(everyMs: number): void {
    if (this.isMute) return;
    this.#seq += 1;
    this.#publish(
      'up',
      {
        ...{ specversion: '1.0', id: randomUUID(), type: 'watchpost.canary.v1' },
        source: `/sites/${this.#site}/devices/${this.#gateway}`,
        ...{ time: new Date().toISOString(), gateway: this.#gateway, epoch: this.#epoch, seq: this.#seq },
        data: { everyMs, version: '1' },
      },
      false,
    );
  }
}
