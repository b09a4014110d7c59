import { type AlertPage, alertPageSchema } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { gatewayTopic, type Receipt } from '@watchpost/contracts/wire';
import { type AlertingOptions, type AlertingService, startAlerting } from '../index.ts';
import { embeddedStore } from './empty-cluster.ts';
import { Listener, TestBroker } from './test-broker.ts';
import { wireEvent } from './test-events.ts';
import { testSite } from './test-site.ts';

/** Two sites that differ in nothing but id, name and time zone: the same gateways, devices and zones. */
export const north: Site = { ...testSite, id: 'north' as Site['id'], name: { en: 'North', 'zh-CN': '北区' } };
export const south: Site = { ...testSite, id: 'south' as Site['id'], name: { en: 'South', 'zh-CN': '南区' } };

const password = 'a password for tests';
const accounts: NonNullable<AlertingOptions['accounts']> = [
  { user: 'anna', password, role: 'officer', sites: ['north'] },
  { user: 'ben', password, role: 'admin', sites: ['south'] },
  { user: 'chief', password, role: 'admin' },
  { user: 'mixed', password, role: 'officer', sites: ['south'], roles: { north: 'viewer' } },
  { user: 'nowhere', password, role: 'admin', sites: ['elsewhere'] },
];

/** Alerting with two sites, a real broker, and people with rights on one, both or neither. */
export class TwoSites {
  readonly #broker = new TestBroker();
  readonly #cookies = new Map<string, string>();
  #listener: Listener | undefined;
  #service: AlertingService | undefined;

  async start(more: Partial<AlertingOptions> = {}): Promise<void> {
    await this.#broker.start();
    this.#listener = new Listener(this.#broker.url, ['wp/1/#']);
    this.#service = await startAlerting({
      sites: [{ site: south }, { site: north }],
      store: await embeddedStore(),
      broker: { url: this.#broker.url },
      http: { host: '127.0.0.1', port: 0 },
      accounts,
      ...more,
    });
    for (const { user } of accounts) {
      const body = JSON.stringify({ user, password });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${this.address}/api/v1/session`, { method: 'POST', headers, body });
      this.#cookies.set(user, answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
    }
  }

  async stop(): Promise<void> {
    await this.#listener?.stop();
    await this.#service?.stop();
    await this.#broker.stop();
  }

  get address(): string {
    return this.#service?.address ?? '';
  }

  get listener(): Listener {
    if (!this.#listener) throw new Error('not started');
    return this.#listener;
  }

  /** The `cookie` header of somebody. */
  cookie(user: string): string {
    return this.#cookies.get(user) ?? '';
  }

  /** Asks as somebody. */
  ask(user: string, path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<Response> {
    return fetch(`${this.address}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: {
        cookie: this.cookie(user),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
    });
  }

  /** One page of the queue of somebody. */
  async alerts(user: string, query = ''): Promise<AlertPage> {
    return alertPageSchema.parse(await (await this.ask(user, `/api/v1/alerts${query}`)).json());
  }

  /** Sends one event as the gateway of a site, until its receipt comes. */
  async deliver(site: Site, sketch: Parameters<typeof wireEvent>[0], gateway = 'edge1'): Promise<void> {
    const wire = wireEvent(sketch);
    const event = { ...wire, source: String(wire.source).replace('/sites/test/', `/sites/${site.id}/`) };
    const send = () =>
      this.listener.client.publish(gatewayTopic('up', site.id, gateway), JSON.stringify(event), { qos: 1 });
    const again = setInterval(send, 200);
    send();
    await this.listener.until(({ topic, payload }) => {
      if (topic !== gatewayTopic('receipt', site.id, gateway)) return undefined;
      const { epoch, seq }: Receipt = JSON.parse(payload);
      return epoch === wire.epoch && seq >= Number(wire.seq) ? true : undefined;
    });
    clearInterval(again);
  }
}
