import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterTemplate, makeTemplate } from '@watchpost/alerting/cluster-template';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { describeSite, gatewayPart } from '@watchpost/contracts/site';
import { confinedEnvironment, confinement } from '@watchpost/flows/confinement';
import { nodeFlags } from '@watchpost/service';
import type { Logger } from 'pino';
import { z } from 'zod';
import { writeDemoSettings } from '../demo/demo-folder.ts';
import type { DemoFiles } from '../demo/prepare-demo.ts';
import { startPolicy } from '../policy.ts';
import { gatewayConfig } from '../server/gateway-config.ts';
import { ownGateway, type ServerFolder } from '../server/open-server-folder.ts';
import type { Texts } from '../texts.ts';
import {
  type BrokerLink,
  brokerLinks,
  demoBrokerConfig,
  newOfficerKey,
  type OfficerKey,
} from './broker-link.ts';
import { buildConsole } from './build-console.ts';
import type { DataFolder } from './data-folder.ts';
import { entryOf } from './entry-of.ts';
import { freePort } from './free-port.ts';
import { isInstalled } from './installed-parts.ts';
import { mallocSettings, nodeOptions, type ServiceName } from './node-options.ts';
import { isInstallation, programFolder } from './program-folder.ts';
import { writeRunFile } from './run-files.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { type ServiceOptions, ServiceProcess, type ServiceStatus } from './service-process.ts';
import type { Settings } from './settings.ts';

/** Addresses and log-in of a running site. */
export interface Announcement {
  readonly console: string;
  readonly api: string;
  readonly mqtt: string;
  /** Undefined where Node-RED is not installed. */
  readonly flows: string | undefined;
  readonly user: string;
  readonly password: string;
}

export interface RunningSite {
  readonly announcement: Announcement;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Taken for this process; given back when the site has stopped. */
  readonly data: DataFolder;
  /** The server folder whose site is run. */
  readonly folder: ServerFolder;
  readonly settings: Settings;
  readonly texts: Texts;
  /** Says in one line what happens now. */
  readonly say: (line: string) => void;
  readonly logger: Logger;
  /** Aborted when the person gives up while the site starts. */
  readonly signal: AbortSignal;
}

/** What is made once for this checkout and may be deleted at any time. */
const cacheFolder = join(programFolder, 'node_modules/.cache');
const loopback = '127.0.0.1';
const demoUser = 'demo';
/** What a step that failed sends before it ends. */
const stepFailure = z.object({
  failed: z.object({
    code: z.string(),
    path: z.string().optional(),
    details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  }),
});

type RunOptions = Partial<Pick<ServiceOptions, 'nodeOptions' | 'environment' | 'input'>>;

/** The file, beside the configurations, in which alerting tells the broker which sessions ended. */
const endedSessions = 'ended-sessions';

/** Ports of what people open, and where Node-RED’s process listens behind its door. */
interface HttpPorts {
  readonly console: number;
  readonly flows: number;
  readonly nodeRed: number;
}

/**
 * Starts the demo site: broker, alerting with console, Node-RED and one edge agent, each in a process of its
 * own.
 * @throws WatchpostError `config.port_taken`, `config.data_folder`, `config.invalid`, `store.*`: nothing is
 *   left running then
 */
export async function startSite(options: StartOptions): Promise<RunningSite> {
  const site = new DemoSiteProcesses(options);
  try {
    const announcement = await Promise.race([site.start(), whenAborted(options.signal)]);
    return { announcement, stop: () => site.stop() };
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

class DemoSiteProcesses {
  readonly #options: StartOptions;
  readonly #services = new Map<ServiceName, ServiceProcess>();
  readonly #health = new Map<string, ServiceStatus>();
  #stopped = false;

  constructor(options: StartOptions) {
    this.#options = options;
  }

  async start(): Promise<Announcement> {
    const { settings, texts, say, data: folder, folder: serverFolder } = this.#options;
    const { site, gateway } = ownGateway(serverFolder);
    const ports: HttpPorts = {
      console: await freePort(settings.httpPort, 'WATCHPOST_HTTP_PORT'),
      flows: await freePort(settings.flowsPort, 'WATCHPOST_FLOWS_PORT'),
      nodeRed: await freePort(0, 'flows'),
    };
    const mqttPort =
      settings.brokerUrl === undefined ? await freePort(settings.mqttPort, 'WATCHPOST_MQTT_PORT') : 0;
    const secrets = loadSecrets(folder.path);
    keepCompiledCode(folder.path);
    const template = isInstallation ? undefined : await clusterTemplate(cacheFolder);
    let making: Promise<void> | undefined;
    const consoleFolder = await buildConsole(folder.path, () => {
      say(texts.building);
      // The first start after an installation: both take seconds. What fails here is tried again by the
      // database itself.
      if (template !== undefined) making = makeTemplate(template).catch(() => undefined);
    });
    await making;

    say(texts.preparing);
    const prepared = this.#prepareDemo(folder.path);
    prepared.catch(() => undefined);
    say(texts.starting);
    const links = brokerLinks(gateway, secrets, mqttPort, settings.brokerUrl);
    const officerKey = settings.brokerUrl === undefined ? newOfficerKey() : undefined;
    if (officerKey) {
      const endedSessionsFile = writeRunFile(folder.path, endedSessions, { version: 1, entries: [] });
      const broker = {
        ...demoBrokerConfig({ site, gateway }, mqttPort, secrets, demoUser, officerKey, folder.path),
        endedSessionsFile,
      };
      const config = writeRunFile(folder.path, 'broker', broker);
      await this.#run('broker', entryOf('@watchpost/broker'), config);
    }
    const alerting = this.#startAlerting({
      ports,
      consoleFolder,
      template,
      folder: folder.path,
      secrets,
      link: links.alerting,
      officerKey,
    });
    const flows = isInstalled('flows')
      ? this.#startFlows(folder.path, ports.nodeRed, secrets, links.flows)
      : undefined;
    // Last: what the agent says before alerting listens would only come again after its first timeout.
    const edge = Promise.all([prepared, alerting]).then(([files]) =>
      this.#startGateway(links.gateway, folder.path, files),
    );
    await Promise.all([alerting, flows, edge]);
    this.#options.signal.throwIfAborted();
    return {
      console: `http://${settings.host}:${ports.console}/`,
      api: `http://${settings.host}:${ports.console}/api/v1`,
      mqtt: settings.brokerUrl === undefined ? `mqtt://${loopback}:${mqttPort}` : links.gateway.url,
      flows: flows && `http://${settings.host}:${ports.flows}/flows/`,
      user: demoUser,
      password: secrets.demoPassword,
    };
  }

  /**
   * First what produces, then what consumes, the broker last; whatever is left in the end
   * ({@link startPolicy}) is killed.
   */
  async stop(): Promise<void> {
    const stopOne = (name: ServiceName) =>
      this.#services.get(name)?.stop(startPolicy.stopWithinMs - (performance.now() - started));
    const started = performance.now();
    this.#stopped = true;
    await Promise.all([stopOne('edge'), stopOne('flows')]);
    await stopOne('alerting');
    await stopOne('broker');
    this.#options.data.release();
  }

  /** The gateway that this server runs itself, with what the demo’s set-up wrote into the site file. */
  async #startGateway(broker: BrokerLink, dataFolder: string, files: DemoFiles): Promise<void> {
    const { folder } = this.#options;
    const own = ownGateway(folder);
    await writeDemoSettings(folder.path, own.site, files);
    const { site, off } = folder.readAgain(own.site);
    const config = gatewayConfig(gatewayPart(site, own.gateway, off), {
      broker,
      dataFolder: join(dataFolder, 'edge'),
      secretsFolder: join(folder.path, 'secrets'),
      gallery: { file: files.gallery, keysFile: files.galleryKeys },
    });
    await this.#run('edge', entryOf('@watchpost/edge-agent'), writeRunFile(dataFolder, 'edge', config));
  }

  /**
   * Node-RED, confined: its configuration comes by standard input, so that no secret is in a file that it may
   * read.
   */
  #startFlows(dataFolder: string, port: number, secrets: Secrets, broker: BrokerLink): Promise<void> {
    const config = {
      port,
      dataFolder,
      secret: secrets.flowsProxy,
      site: ownGateway(this.#options.folder).site,
      broker,
    };
    return this.#run('flows', entryOf('@watchpost/flows'), '-', {
      nodeOptions: confinement(dataFolder),
      environment: confinedEnvironment(
        { WATCHPOST_LOG_LEVEL: 'warn', MALLOC_ARENA_MAX: '2', ...process.env, WATCHPOST_DATA: dataFolder },
        dataFolder,
      ),
      input: JSON.stringify(config),
    });
  }

  #startAlerting(parts: {
    readonly ports: HttpPorts;
    readonly consoleFolder: string;
    readonly template: string | undefined;
    readonly folder: string;
    readonly secrets: Secrets;
    readonly link: BrokerLink;
    readonly officerKey: OfficerKey | undefined;
  }): Promise<void> {
    const { databaseUrl, brokerUrl, publicUrl, flowsUrl, trustedProxies, host } = this.#options.settings;
    const { sites, away, server: serverFile } = this.#options.folder;
    const { folder, secrets, ports, consoleFolder, template, link, officerKey } = parts;
    const endedSessionsFile = join(folder, 'run', `${endedSessions}.json`);
    const config = writeRunFile(folder, 'alerting', {
      sites: [...sites.values()].map(({ site, off }) => ({
        site: describeSite(site, off),
        policy: site.policy,
      })),
      sitesAway: away,
      serverPolicy: serverFile.policy,
      store:
        databaseUrl === undefined
          ? { kind: 'embedded', folder: join(folder, 'store'), ...(template ? { template } : {}) }
          : { kind: 'server', url: databaseUrl },
      broker: link,
      ...(officerKey ? { officerTokens: { key: officerKey, endedSessionsFile } } : {}),
      http: { host, port: ports.console, publicUrl, trustedProxies },
      consoleFolder,
      services: [
        ...(isInstalled('gateway') ? ['edge'] : []),
        ...(isInstalled('flows') ? ['flows'] : []),
        ...(brokerUrl === undefined ? ['broker'] : []),
      ],
      ...(isInstalled('flows')
        ? {
            flows: {
              port: ports.flows,
              upstream: { url: `http://${loopback}:${ports.nodeRed}`, secret: secrets.flowsProxy },
              publicUrl: flowsUrl ?? (publicUrl && `${publicUrl.replace(/:\d+$/, '')}:${ports.flows}`),
            },
          }
        : {}),
      accounts: [{ user: demoUser, password: secrets.demoPassword, role: 'admin' }],
    });
    return this.#run('alerting', fileURLToPath(new URL('./alerting-process.ts', import.meta.url)), config);
  }

  async #run(name: ServiceName, entry: string, configPath: string, more: RunOptions = {}): Promise<void> {
    const { logger, signal } = this.#options;
    signal.throwIfAborted();
    // What was still being prepared when another part failed must not start after the end.
    if (this.#stopped) return;
    const service = new ServiceProcess({
      name,
      entry,
      args: [configPath],
      nodeOptions: [...(nodeOptions[name] ?? []), ...(more.nodeOptions ?? [])],
      variables: mallocSettings[name],
      environment: more.environment,
      input: more.input,
      logger,
      onChange: (status) => this.#changed(name, status),
    });
    this.#services.set(name, service);
    await service.start();
  }

  #changed(name: ServiceName, status: ServiceStatus): void {
    this.#health.set(name, status);
    this.#services.get('alerting')?.send({ health: Object.fromEntries(this.#health) });
  }

  async #prepareDemo(folder: string): Promise<DemoFiles> {
    return ((await this.#runOnce('../demo/main.ts', folder)) as { files: DemoFiles }).files;
  }

  /**
   * Runs a step in a process of its own, so that what it needs in memory is gone with it; gives its message.
   */
  #runOnce(entry: string, argument: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [argument], {
        execArgv: [...nodeFlags],
        stdio: ['ignore', 2, 2, 'ipc'],
      });
      let answer: unknown;
      this.#options.signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
      child.once('message', (message) => {
        answer = message;
      });
      child.once('error', reject);
      child.once('exit', (code) => {
        if (code === 0) resolve(answer);
        else reject(stepFailed('demo', answer));
      });
    });
  }
}

/**
 * Services keep what they compiled where the launcher says; an installation has no launcher that knows a
 * place, so it is the data folder there. Without it each process keeps the compiler: about 30 MB.
 */
function keepCompiledCode(dataFolder: string): void {
  if (isInstallation) process.env.NODE_COMPILE_CACHE ??= join(dataFolder, 'cache');
}

/** The step's own word for what went wrong, when it had one. */
function stepFailed(step: string, answer: unknown): WatchpostError {
  const said = stepFailure.safeParse(answer);
  if (!said.success) return new WatchpostError('start.step_failed', { details: { step } });
  const { code, path, details = {} } = said.data.failed;
  const known = code in errorRegistry ? (code as ErrorCode) : 'start.step_failed';
  return new WatchpostError(known, { ...(path ? { path } : {}), details: { step, ...details } });
}
