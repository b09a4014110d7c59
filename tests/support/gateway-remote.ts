import { randomUUID } from 'node:crypto';
import { type GatewayState, gatewayStateSchema, type WatchpostEvent } from '@watchpost/contracts/wire';
import { connectAsync, type MqttClient } from 'mqtt';
import { waitFor } from './wait-for.ts';

/**
 * Works simulated devices of a site's gateways by commands, and hears what the gateways say. Connects as
 * alerting does.
 */
export class GatewayRemote {
  /** The newest word of each gateway. */
  readonly states = new Map<string, GatewayState>();
  /** Events as they were on the wire. */
  readonly events: WatchpostEvent[] = [];
  readonly #client: MqttClient;
  readonly #site: string;

  private constructor(client: MqttClient, site: string) {
    this.#client = client;
    this.#site = site;
    client.on('message', (topic, payload) => this.#take(topic, payload.toString()));
  }

  static async connect(mqttPort: number, site: string): Promise<GatewayRemote> {
    const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
      ...{ username: 'alerting', password: 'alerting', clientId: 'remote' },
    });
    const remote = new GatewayRemote(client, site);
    await client.subscribeAsync([`wp/1/${site}/+/state`, `wp/1/${site}/+/up`], { qos: 1 });
    return remote;
  }

  /**
   * A gateway refuses commands while it may take them for expired: settles when it knows the server's time.
   */
  async knowsTime(gateway: string): Promise<void> {
    await waitFor(
      `${gateway} knows the time`,
      () => this.states.get(gateway)?.clockSource === 'receipt',
      60_000,
    );
  }

  async trigger(gateway: string, device: string, action: string, value?: number): Promise<void> {
    const command = {
      id: randomUUID(),
      // By the server's time, which a test may have set hours ahead.
      expires: new Date(Date.now() + 6 * 3_600_000).toISOString(),
      name: 'simulator.trigger',
      device,
      action,
      ...(value === undefined ? {} : { value }),
    };
    const topic = `wp/1/${this.#site}/${gateway}/cmd`;
    await this.#client.publishAsync(topic, JSON.stringify(command), { qos: 1 });
  }

  /** Events of a device, of one type. */
  eventsOf(device: string, type: string): WatchpostEvent[] {
    return this.events.filter(
      (event) => event.source.endsWith(`/${device}`) && event.type === `watchpost.${type}.v1`,
    );
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #take(topic: string, payload: string): void {
    const [, , , gateway = '', name] = topic.split('/');
    if (payload === '') return;
    const value: unknown = JSON.parse(payload);
    if (name === 'state') this.states.set(gateway, gatewayStateSchema.parse(value));
    else this.events.push(...((Array.isArray(value) ? value : [value]) as WatchpostEvent[]));
  }
}
