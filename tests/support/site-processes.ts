import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AlertingOptions } from '@watchpost/alerting';
import type { Instructions, Site } from '@watchpost/contracts/site';
import type { Principal } from '@watchpost/contracts/wire';
import type { EdgeAgentConfigInput } from '@watchpost/edge-agent';
import { type KeyedAlert, saveAlerts } from '../../alerting/src/store/alert-store.ts';
import { openStore, type StoreOptions } from '../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { buildConsole } from '../../cli/src/start/build-console.ts';
import { nodeOptionsOf } from '../../cli/src/start/node-options.ts';
import { health } from './api-client.ts';
import type { FakeClock } from './fake-clock.ts';
import { waitFor } from './wait-for.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface SiteProcessesOptions {
  readonly site: Site;
  /** Further sites of the same server; alerting alone speaks for them. */
  readonly otherSites?: readonly Site[];
  /** What officers of `site` are to do. */
  readonly instructions?: Instructions;
  /** Numbers of alerting’s policy, so that a test waits less. */
  readonly policy?: AlertingOptions['policy'];
  /** More of the broker’s configuration. */
  readonly broker?: Readonly<Record<string, unknown>>;
  /** Who else may connect, by a user name and secret that are its name. */
  readonly otherIdentities?: readonly Principal[];
  /**
   * The port through which alerting reaches the broker, for example that of a proxy; by default the broker’s.
   */
  readonly linkOfAlerting?: (brokerPort: number) => Promise<number>;
  /** Whether alerting serves the console, which is built when it is not there. */
  readonly console?: boolean;
  /** Where alerting stores; by default an embedded database in a folder of its own. */
  readonly store?: StoreOptions;
  /** Alerts that are stored already when alerting starts. */
  readonly alerts?: readonly KeyedAlert[];
  /** More of alerting’s configuration. */
  readonly alerting?: Pick<AlertingOptions, 'channels' | 'dataFolder'>;
  /** The clock of the machine on which alerting runs; by default the true one. */
  readonly clock?: FakeClock;
}

/** Around a gateway. */
export interface GatewayOptions {
  /** The clock of its machine; by default the true one. */
  readonly clock?: FakeClock;
  /** The port through which it reaches the broker; by default the broker’s. */
  readonly linkPort?: number;
}

/**
 * Broker and alerting of one site, each in a process of its own. Every gateway’s user name and secret is its
 * id.
 */
export interface SiteProcesses {
  readonly mqttPort: number;
  /** As the demo announces them, for `ApiClient`. */
  readonly console: string;
  readonly api: string;
  readonly user: string;
  readonly password: string;
  /** The Prometheus text of the broker. */
  brokerMetrics(): Promise<string>;
  /** Kills the broker without a word, and starts one that knows nothing on the same port. */
  killBroker(): Promise<void>;
  restartBroker(): Promise<void>;
  /** Kills alerting without a word, and starts one on the same store and port. */
  killAlerting(): Promise<void>;
  restartAlerting(): Promise<void>;
  /**
   * Runs a gateway in a process of its own; killing it is up to the test, and ends with
   * {@link SiteProcesses.stop} at the latest.
   */
  startGateway(
    config: Omit<EdgeAgentConfigInput, 'dataFolder' | 'broker' | 'site'> & { readonly dataFolder?: string },
    options?: GatewayOptions,
  ): Promise<ChildProcess>;
  stop(): Promise<void>;
}

const password = 'a password of tests only';

const identity = (principal: Principal) => ({
  username: principal.name,
  secretSha256: createHash('sha256').update(principal.name).digest('hex'),
  principal,
});

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function storeAlerts(options: StoreOptions, alerts: readonly KeyedAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const opened = await openStore(options);
  for (let from = 0; from < alerts.length; from += 500) {
    await saveAlerts(opened.db, alerts.slice(from, from + 500));
  }
  await opened.close();
}

/** Starts them with real processes, a real store and free ports. */
export async function startSiteProcesses(options: SiteProcessesOptions): Promise<SiteProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-site-'));
  const children: ChildProcess[] = [];
  const run = async (name: string, entry: string, config: object, clock?: FakeClock) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    const child = fork(entry, [path], {
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        ...(name === 'broker' ? nodeOptionsOf('broker') : []),
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...clock?.environment },
    });
    children.push(child);
    const [message] = (await once(child, 'message')) as [{ ready: boolean } & Record<string, number>];
    if (!message.ready) throw new Error(`${name} did not start: ${JSON.stringify(message)}`);
    return { child, ready: message };
  };
  const stop = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      await kill(child);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { site } = options;
    const { otherSites = [] } = options;
    const alerting = { kind: 'alerting', name: 'alerting', site: site.id } as const;
    const alertingElsewhere = otherSites.map(
      ({ id }) => ({ kind: 'alerting', name: `alerting-${id}`, site: id }) as const,
    );
    const gateways = site.gateways.map(
      (id) => ({ kind: 'gateway', name: id, site: site.id, gateway: id }) as const,
    );
    const brokerConfig = {
      port: 0,
      metricsPort: 0,
      identities: [alerting, ...alertingElsewhere, ...gateways, ...(options.otherIdentities ?? [])].map(
        identity,
      ),
      ...options.broker,
    };
    const store = options.store ?? (await embeddedStore(join(folder, 'store')));
    await storeAlerts(store, options.alerts ?? []);
    const brokerEntry = here('../../broker/src/main.ts');
    let { child: brokerChild, ready: broker } = await run('broker', brokerEntry, brokerConfig);
    const brokerPort = broker.port ?? 0;
    const linkPort = (await options.linkOfAlerting?.(brokerPort)) ?? brokerPort;
    const alertingConfig = {
      ...options.alerting,
      sites: [
        { site, ...(options.instructions ? { instructions: options.instructions } : {}) },
        ...otherSites.map((other) => {
          const account = `alerting-${other.id}`;
          return { site: other, broker: { username: account, password: account } };
        }),
      ],
      store,
      broker: { url: `mqtt://127.0.0.1:${linkPort}`, username: 'alerting', password: 'alerting' },
      ...(options.policy ? { policy: options.policy } : {}),
      ...(options.console ? { consoleFolder: await buildConsole(folder, () => undefined) } : {}),
      services: [],
      accounts: [{ user: 'officer', password, role: 'admin' }],
    };
    const alertingEntry = here('../../cli/src/start/alerting-process.ts');
    const runAlerting = (httpPort: number) => {
      const http = { host: '127.0.0.1', port: httpPort };
      return run('alerting', alertingEntry, { ...alertingConfig, http }, options.clock);
    };
    let { child: alertingChild, ready: alertingReady } = await runAlerting(0);
    const { port = 0 } = alertingReady;
    const address = `http://127.0.0.1:${port}`;
    // What is published before alerting listens is nobody's.
    await waitFor(
      'alerting at the broker',
      async () => (await health({ console: `${address}/` })).components.brokerLink?.status === 'ok',
      60_000,
    );
    return {
      ...{
        mqttPort: brokerPort,
        console: `${address}/`,
        api: `${address}/api/v1`,
        user: 'officer',
        password,
      },
      killBroker: () => kill(brokerChild),
      restartBroker: async () => {
        const config = { ...brokerConfig, port: brokerPort };
        ({ child: brokerChild, ready: broker } = await run('broker', brokerEntry, config));
      },
      killAlerting: () => kill(alertingChild),
      restartAlerting: async () => {
        ({ child: alertingChild, ready: alertingReady } = await runAlerting(port));
      },
      startGateway: async (config, { clock, linkPort = brokerPort } = {}) => {
        const { gateway } = config;
        const whole = {
          dataFolder: join(folder, `gateway-${gateway}`),
          ...config,
          site: site.id,
          broker: { url: `mqtt://127.0.0.1:${linkPort}`, username: gateway, password: gateway },
        };
        const entry = here('../../edge-agent/src/main.ts');
        return (await run(`gateway-${gateway}`, entry, whole, clock)).child;
      },
      brokerMetrics: async () => (await fetch(`http://127.0.0.1:${broker.metricsPort}/metrics`)).text(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
