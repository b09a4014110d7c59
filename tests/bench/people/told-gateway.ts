import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { parseEdgeAgentConfig } from '../../../edge-agent/src/config.ts';
import { MqttLink } from '../../../edge-agent/src/link/mqtt-link.ts';
import { AccessConditions } from '../../../edge-agent/src/policy/access-conditions.ts';
import { ServerWord } from '../../../edge-agent/src/told/server-word.ts';
import type { AnnouncingKey } from '../../../edge-agent/src/told/verify-announcement.ts';
import type { TestSite } from '../../../identity/src/testing/test-site.ts';

/** What a light gateway is given. */
export interface ToldGatewayParts {
  readonly folder: string;
  readonly site: TestSite;
  readonly name: string;
  readonly brokerUrl: string;
  readonly doorPort: number;
  readonly key: AnnouncingKey;
}

/** What a gateway is told, with the gateway’s own code: no models, no cameras, no outbox. */
export class ToldGateway {
  readonly name: string;
  readonly #word: ServerWord;
  readonly #conditions: AccessConditions;
  readonly #link: MqttLink;

  private constructor(
    config: ReturnType<typeof parseEdgeAgentConfig>,
    { name, brokerUrl, doorPort }: ToldGatewayParts,
  ) {
    this.name = name;
    const log = pino({ level: 'silent' });
    const clock = { isUnknown: false, nowMs: () => Date.now() };
    const { caFile = '', certFile = '', keyFile = '' } = config.broker;
    const word = new ServerWord({
      ...{ config, clock, log, keys: config.told?.keys ?? [] },
      door: { site: 'demo', door: `https://localhost:${doorPort}`, caFile, certFile, keyFile },
      apply: async () => undefined,
      onPermit: () => this.#conditions.applyPolicy(),
      onChange: () => undefined,
      onUnwritable: () => () => undefined,
    });
    this.#word = word;
    const policy = {
      get current() {
        return word.permit;
      },
    };
    this.#conditions = new AccessConditions({ policy, clock, policyRequired: true, passTimes: () => ({}) });
    const { gallery } = word;
    if (gallery)
      this.#conditions.useRecognition({
        gallery: gallery.gallery,
        certifiedLiveness: false,
        get galleryDigest() {
          return gallery.digest;
        },
      });
    this.#link = new MqttLink({
      ...{ broker: { url: brokerUrl } as ConstructorParameters<typeof MqttLink>[0]['broker'], log },
      ...{ site: 'demo', gateway: name, isTold: true, will: () => '{}', onUp: () => undefined },
      onDown: () => word.linkEnded(),
      onMessage: (topic, payload, retained) => {
        if (topic === 'site' || topic === 'permit') word.announced(topic, payload, retained);
      },
    });
  }

  static async start(parts: ToldGatewayParts): Promise<ToldGateway> {
    const { folder, site, name, doorPort, key } = parts;
    mkdirSync(folder, { recursive: true });
    const identity = await site.gateway(name);
    writeFileSync(join(folder, 'gw.pem'), identity.cert + identity.key, { mode: 0o600 });
    writeFileSync(join(folder, 'ca.pem'), site.ca);
    const file = join(folder, 'gw.pem');
    const config = parseEdgeAgentConfig(
      {
        ...{ site: 'demo', gateway: name, dataFolder: folder, devices: [] },
        broker: { url: 'mqtts://localhost', caFile: join(folder, 'ca.pem'), certFile: file, keyFile: file },
        told: { door: `https://localhost:${doorPort}`, keys: [key] },
      },
      Date.now(),
    );
    const gateway = new ToldGateway(config, parts);
    await gateway.#word.restorePermit();
    await gateway.#word.restorePart();
    gateway.#link.start();
    return gateway;
  }

  /** Whether an entry could match now. */
  mayMatch(entry: string): boolean {
    if (!this.#conditions.permit().allowed) return false;
    return this.#word.gallery?.gallery.transformed(entry) != null;
  }

  async stop(): Promise<void> {
    await this.#link.stop('{}');
    await this.#word.stop();
  }
}
