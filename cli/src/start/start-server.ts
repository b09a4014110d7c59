import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { gatewayPart } from '@watchpost/contracts/site';
import { authorityFolder } from '@watchpost/identity/authority-files';
import { webFolder } from '@watchpost/identity/web';
import type { Logger } from 'pino';
import { LiveSites } from '../apply/live-sites.ts';
import { backupTexts } from '../backup-texts.ts';
import { writeDemoSettings } from '../demo/demo-folder.ts';
import type { DemoFiles } from '../demo/prepare-demo.ts';
import { type DemoListing, listDemoPeople, type MadeForDemo, makeDemoFiles } from '../demo/run-demo-steps.ts';
import { errorLine } from '../error-line.ts';
import { gatewayConfig } from '../server/gateway-config.ts';
import { demoGateway, type LocalGateway, localGateways } from '../server/local-gateways.ts';
import type { ServerFolder } from '../server/open-server-folder.ts';
import { type ServerPaths, serverPaths } from '../server/server-paths.ts';
import type { Texts } from '../texts.ts';
import { watchpostVersion } from '../version.ts';
import { alertingRunConfig, type ServerPorts } from './alerting-config.ts';
import { type Announcement, announcementOf } from './announcement.ts';
import { type BrokerLink, brokerLinks, newOfficerKey, type OfficerKey } from './broker-link.ts';
import { choosePorts } from './choose-ports.ts';
import type { DataFolder } from './data-folder.ts';
import { demoBrokerConfig } from './demo-broker.ts';
import { demoPeople, demoUser } from './demo-people.ts';
import { doorLinks } from './door-account.ts';
import { entryOf } from './entry-of.ts';
import { flowsRun } from './flows-run.ts';
import { type DoorParts, doorRunConfig, toldLocally } from './gateway-door.ts';
import { isInstalled } from './installed-parts.ts';
import { keepCompiledCode, whatIsMadeOnce } from './made-once.ts';
import { serviceOf } from './node-options.ts';
import { OwnCertificates } from './own-certificates.ts';
import { ensurePassKeys, passSocket, withOwnIssuer } from './pass-keys.ts';
import { writeRunFile } from './run-files.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { serverBrokerConfig } from './server-broker.ts';
import { ServiceSet } from './service-set.ts';
import { consoleAddress, type Settings } from './settings.ts';

export interface RunningServer {
  readonly announcement: Announcement;
  /** Puts what the site files say now into force. */
  apply(): void;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Taken for this process; given back when the server has stopped. */
  readonly data: DataFolder;
  /** The server folder that is run. */
  readonly folder: ServerFolder;
  /** The demo: made-up people and passes, a known log-in, open to this computer alone. */
  readonly isDemo: boolean;
  readonly settings: Settings;
  readonly texts: Texts;
  /** Says in one line what happens now. */
  readonly say: (line: string) => void;
  readonly logger: Logger;
  /** Aborted when the person gives up while the server starts. */
  readonly signal: AbortSignal;
}

const loopback = '127.0.0.1';

/** The file, beside the configurations, in which alerting tells the broker which sessions ended. */
const endedSessions = 'ended-sessions';

/**
 * Starts a server: broker, alerting with console, Node-RED and the gateways that it runs itself, each in a
 * process of its own.
 * @throws WatchpostError `config.port_taken`, `config.data_folder`, `config.invalid`, `store.*`: nothing is
 *   left running then
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const site = new ServerProcesses(options);
  try {
    const announcement = await Promise.race([site.start(), whenAborted(options.signal)]);
    return { announcement, apply: () => site.apply(), stop: () => site.stop() };
  } catch (error) {
    await site.stop();
    throw error;
  }
}

/** Rejects when the person gives up, so that nobody waits for a start that is no longer wanted. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

class ServerProcesses {
  readonly #options: StartOptions;
  readonly #services: ServiceSet;
  /** Aborted when this server stops. */
  readonly #ending = new AbortController();
  readonly #sites: LiveSites;

  readonly #paths: ServerPaths;
  /** Sites that have an authority, whose gateways can connect over TLS; none in the demo. */
  readonly #certified: readonly string[];
  readonly #certificates: OwnCertificates;

  constructor(options: StartOptions) {
    const { folder, settings, isDemo, texts, say, logger } = options;
    this.#options = options;
    this.#services = new ServiceSet({ dataFolder: options.data.path, logger, signal: options.signal });
    this.#sites = new LiveSites({
      ...{ folder, isDemo, texts, say, logger },
      dataFolder: options.data.path,
      services: this.#services,
      nowMs: () => Date.now(),
    });
    this.#paths = serverPaths(folder.path, folder.server);
    this.#certified =
      isDemo || settings.service !== undefined
        ? []
        : [...folder.sites.keys()].filter((site) =>
            existsSync(authorityFolder(this.#paths.authority(site)).certificate),
          );
    this.#certificates = new OwnCertificates({
      paths: this.#paths,
      names: settings.names,
      web: settings.tls === 'own',
      sites: this.#certified,
      logger,
      nowMs: () => Date.now(),
      onGateways: () => this.#services.reload('broker'),
    });
  }

  async start(): Promise<Announcement> {
    const { settings, texts, say, isDemo } = this.#options;
    const dataFolder = this.#options.data.path;
    const ports = await choosePorts(settings, { isDemo, hasAuthority: this.#certified.length > 0 });
    const secrets = loadSecrets(dataFolder, { isDemo });
    if (settings.service === undefined) ensurePassKeys(dataFolder, this.#sites.inForce.keys());
    keepCompiledCode(dataFolder);
    const { consoleFolder, template } = await whatIsMadeOnce(dataFolder, () => say(texts.building));
    const gateways = this.#gateways();
    const prepared = isDemo ? this.#prepareDemo() : undefined;
    prepared?.catch(() => undefined);
    if (!isDemo) await this.#certificates.start();
    say(texts.starting);
    await this.#backUpBeforeUpgrade();
    const links = brokerLinks(secrets, ports.mqtt, settings.brokerUrl);
    const officerKey = settings.brokerUrl === undefined ? newOfficerKey() : undefined;
    if (officerKey) await this.#startBroker(ports, secrets, officerKey);
    const alerting = this.#services.runFrom(
      'alerting',
      fileURLToPath(new URL('./alerting-process.ts', import.meta.url)),
      () =>
        alertingRunConfig({
          ...{ settings, dataFolder, ports, consoleFolder, template, secrets, officerKey },
          folder: { ...this.#options.folder, sites: this.#sites.inForce },
          isDemo,
          web: webFolder(this.#paths.web),
          linkOf: links.alerting,
          endedSessionsFile: join(dataFolder, 'run', `${endedSessions}.json`),
          gateways: gateways.map((own) => serviceOf(own, isDemo)),
        }),
    );
    const doorParts = this.#doorParts(
      ports,
      doorLinks(secrets, ports.mqtt, settings.brokerUrl === undefined ? undefined : links.alerting('')),
      gateways,
    );
    const door = this.#startDoor(doorParts);
    const hasFlows = isInstalled('flows') && settings.service === undefined;
    const flows = hasFlows ? this.#startFlows(ports.nodeRed, secrets, links.flows) : undefined;
    // Last: what the agents say before alerting listens would only come again after their first timeout.
    const edge = Promise.all([prepared, alerting, door]).then(([made]) =>
      Promise.all(gateways.map((own) => this.#startGateway(own, links.gateway(own), made?.files, doorParts))),
    );
    const [{ firstLink } = {}] = await Promise.all([alerting, flows, edge, door]);
    const [own] = gateways;
    if (prepared && own)
      void this.#listDemoPeople({
        ...{
          dataFolder,
          api: `${consoleAddress(settings, ports.console)}/api/v1`,
          site: own.site,
        },
        ...{ people: demoPeople(secrets.demoPassword ?? ''), photos: (await prepared).photos },
      });
    if (!this.#ending.signal.aborted) await this.#sites.start();
    this.#options.signal.throwIfAborted();
    const mqtt =
      settings.brokerUrl === undefined ? `mqtt://${loopback}:${ports.mqtt}` : links.alerting('').url;
    const password = isDemo ? secrets.demoPassword : undefined;
    return announcementOf({ settings, ports, mqtt, hasFlows, firstLink, password });
  }

  /** An embedded database is copied by whoever opens it; a server’s is in nobody’s hands but ours. */
  async #backUpBeforeUpgrade(): Promise<void> {
    const { folder, data, settings, texts, say, isDemo } = this.#options;
    const { databaseUrl, backedUp } = settings;
    // What the demo knows is made up.
    if (databaseUrl === undefined || isDemo) return;
    // Only here: it loads the store, which nothing else in this process needs.
    const { backUpBeforeUpgrade } = await import('../backup/back-up-before-upgrade.ts');
    const written = await backUpBeforeUpgrade({
      places: { folder: folder.path, data: data.path, databaseUrl },
      ...{ backedUp, version: watchpostVersion, nowMs: Date.now() },
    });
    if (written !== undefined) say(`${backupTexts(texts.chinese).writtenBefore}: ${written}`);
  }

  /** The gateways that this server runs itself; none where their part is not installed. */
  #gateways(): readonly LocalGateway[] {
    const { folder, isDemo, say, settings } = this.#options;
    if (settings.service !== undefined) return [];
    if (isDemo) return [demoGateway(folder)];
    const found = localGateways(folder);
    if (found.length === 0 || isInstalled('gateway')) return found;
    const names = found.map(({ site, gateway }) => `${site}/${gateway}`).join(', ');
    say(
      errorLine(
        new WatchpostError('install.part_absent', { details: { part: 'gateway', names } }),
        this.#options.texts,
      ),
    );
    return [];
  }

  async #startBroker(ports: ServerPorts, secrets: Secrets, officerKey: OfficerKey): Promise<void> {
    const { folder, settings, isDemo, data } = this.#options;
    const endedSessionsFile = writeRunFile(data.path, endedSessions, { version: 1, entries: [] });
    const sites = [...folder.sites.keys()];
    const own = isDemo ? demoGateway(folder) : undefined;
    const broker = own
      ? demoBrokerConfig({ sites, own }, ports.mqtt, secrets, demoUser, officerKey, data.path)
      : serverBrokerConfig({
          ...{ sites, secrets, officerKey },
          port: ports.mqtt,
          listen: { host: settings.gateways.host, port: ports.gateways ?? 0 },
          gateways: localGateways(folder),
          dataFolder: data.path,
          authorities: this.#certified.map((site) => ({ site, folder: this.#paths.authority(site) })),
          secretFolder: folder.secrets,
          policy: folder.server.policy.broker,
        });
    const config = writeRunFile(data.path, 'broker', { ...broker, endedSessionsFile });
    await this.#services.run('broker', entryOf('@watchpost/broker'), config);
  }

  /** Puts what the site files say now into force; what fails is logged. */
  apply(): void {
    this.#sites.apply();
  }

  /** The services in their order, see {@link ServiceSet.stop}; then the data folder is given back. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#services.close();
    this.#certificates.stop();
    await this.#sites.stop();
    await this.#services.stop();
    this.#options.data.release();
  }

  /** A gateway that this server runs itself; of the demo with what its set-up wrote into the site file. */
  async #startGateway(
    own: LocalGateway,
    broker: BrokerLink,
    files: DemoFiles | undefined,
    doorParts: DoorParts | undefined,
  ): Promise<void> {
    const { folder, data, isDemo } = this.#options;
    if (files) await writeDemoSettings(folder.path, own.site, files);
    if (files) this.#sites.readAgain(own.site);
    const isTold = isDemo || this.#certified.includes(own.site);
    const told = doorParts && isTold ? toldLocally(doorParts, own) : undefined;
    await this.#services.runFrom(serviceOf(own, isDemo), entryOf('@watchpost/edge-agent'), () => {
      const found = this.#sites.inForce.get(own.site);
      if (!found) throw new WatchpostError('site.missing', { path: `/sites/${own.site}` });
      return gatewayConfig(gatewayPart(withOwnIssuer(found.site, data.path), own.gateway, found.off), {
        broker,
        dataFolder: files ? join(data.path, 'edge') : join(data.path, 'gateways', own.site, own.gateway),
        secretsFolder: join(folder.path, 'secrets'),
        passUses: { socket: passSocket(data.path) },
        ...(told ? { told } : {}),
      });
    });
  }

  /** What the gateway door is made from; there is none where no gateway can be certified. */
  #doorParts(
    ports: ServerPorts,
    linkOf: DoorParts['linkOf'],
    gateways: readonly LocalGateway[],
  ): DoorParts | undefined {
    const { settings, data, isDemo } = this.#options;
    if (ports.door === undefined) return undefined;
    const sites = isDemo ? [...this.#sites.inForce.keys()] : this.#certified;
    return {
      ...{ settings, ports, linkOf },
      paths: { ...this.#paths, data: data.path },
      sites,
      siteOf: (id) => this.#sites.inForce.get(id),
      local: gateways.filter(({ site }) => sites.includes(site)),
    };
  }

  async #startDoor(parts: DoorParts | undefined): Promise<void> {
    if (!parts) return;
    const entry = fileURLToPath(new URL('./gateway-door-process.ts', import.meta.url));
    await this.#services.runFrom('door', entry, () => doorRunConfig(parts));
  }

  #startFlows(port: number, { flowsProxy }: Secrets, linkOf: (site: string) => BrokerLink): Promise<unknown> {
    const { folder, data } = this.#options;
    const parts = {
      dataFolder: data.path,
      port,
      secret: flowsProxy,
      sites: [...folder.sites.keys()],
      linkOf,
    };
    return this.#services.run('flows', entryOf('@watchpost/flows'), '-', flowsRun(parts));
  }

  #prepareDemo(): Promise<MadeForDemo> {
    const { say, texts, data, signal } = this.#options;
    say(texts.preparing);
    return makeDemoFiles(data.path, signal);
  }

  /** Beside the running demo: what it says of it is a line. */
  async #listDemoPeople(listing: DemoListing): Promise<void> {
    const { say, texts } = this.#options;
    try {
      await listDemoPeople(listing, this.#ending.signal);
    } catch (error) {
      if (!this.#ending.signal.aborted && error instanceof WatchpostError) say(errorLine(error, texts));
    }
  }
}
