import { isDeepStrictEqual } from 'node:util';
import { gatewayTopic } from '@watchpost/contracts/wire';
import { MqttLink } from '@watchpost/service/mqtt';
import type { Logger } from 'pino';
import { defaultPermitPolicy, type PermitPolicy } from '../policy.ts';
import type { ToldSite } from './told-site.ts';

/** How the announcer reaches the broker: as a principal of kind `alerting`. */
export interface AnnouncerBroker {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface AnnouncerOptions {
  readonly broker: AnnouncerBroker;
  readonly site: ToldSite;
  /** Gateways whose devices stand in a configuration that the server gives them: they get a permit alone. */
  readonly own: ReadonlySet<string>;
  readonly logger: Logger;
}

/**
 * Tells the gateways of one site over the broker which documents they are to have: everything after each
 * connection, because a broker may have lost what it retained, a site part whenever it changes, and permits
 * again and again.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #link: MqttLink;
  #renewals: NodeJS.Timeout | undefined;
  #permit = defaultPermitPolicy;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    const { url, username, password } = options.broker;
    this.#link = new MqttLink({
      access: () => ({ url, username, password }),
      clientId: `gateway-door-${options.site.id}`,
      filters: [],
      onUp: () => this.#announceAll(),
      logger: options.logger,
    });
  }

  get isConnected(): boolean {
    return this.#link.connected;
  }

  start(): void {
    this.#link.start();
    this.#renew();
  }

  /** How long permits are good and how often they are renewed from now on. */
  permitsAre(permit: PermitPolicy): void {
    if (isDeepStrictEqual(permit, this.#permit)) return;
    this.#permit = permit;
    if (!this.#renewals) return;
    this.announcePermits(this.#options.site.gateways);
    this.#renew();
  }

  #renew(): void {
    clearInterval(this.#renewals);
    this.#renewals = setInterval(
      () => this.announcePermits(this.#options.site.gateways),
      this.#permit.renewEvery,
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.#renewals);
    this.#renewals = undefined;
    await this.#link.stop();
  }

  /**
   * Announces the site parts of these gateways now, and takes back what was announced to those that are gone.
   */
  announce(changed: readonly string[], gone: readonly string[]): void {
    const { site, own } = this.#options;
    for (const gateway of changed)
      this.#publish(gateway, 'site', own.has(gateway) ? undefined : site.announceSite(gateway));
    this.announcePermits(changed);
    for (const gateway of gone)
      for (const topic of ['site', 'permit'] as const) this.#publish(gateway, topic, undefined);
  }

  /** Announces the permits of these gateways now. */
  announcePermits(gateways: readonly string[]): void {
    const { site } = this.#options;
    for (const gateway of gateways)
      this.#publish(gateway, 'permit', site.announcePermit(gateway, this.#permit.life));
  }

  /** Sends a command to a gateway now; nothing of it is kept. @returns whether the broker can be reached */
  command(gateway: string, command: object): boolean {
    if (!this.isConnected) return false;
    this.#link.publish({
      topic: gatewayTopic('cmd', this.#options.site.id, gateway),
      payload: JSON.stringify(command),
      retain: false,
    });
    return true;
  }

  #announceAll(): void {
    this.announce(this.#options.site.gateways, []);
  }

  #publish(gateway: string, topic: 'site' | 'permit', announcement: object | undefined): void {
    this.#link.publish({
      topic: gatewayTopic(topic, this.#options.site.id, gateway),
      payload: announcement ? JSON.stringify(announcement) : '',
      retain: true,
    });
  }
}
