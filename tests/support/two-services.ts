import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AlertingOptions } from '@watchpost/alerting';
import type { Health } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { Principal } from '@watchpost/contracts/wire';
import { nodeOptionsOf } from '../../cli/src/start/node-options.ts';
import { waitFor } from './wait-for.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const password = 'a password of tests only';

const identity = (principal: Principal) => ({
  username: principal.name,
  secretSha256: createHash('sha256').update(principal.name).digest('hex'),
  principal,
});

/** An alerting service of {@link startServices}. */
export interface RunningService {
  readonly name: string;
  readonly child: ChildProcess;
  /** As the demo announces them, for `ApiClient`. */
  readonly console: string;
  readonly api: string;
  health(): Promise<Health>;
  /** Without a word. */
  kill(): Promise<void>;
  /** As an operator ends it. */
  end(): Promise<void>;
}

/** A broker and as many alerting services as a test wants, on one database server. */
export interface Services {
  readonly mqttPort: number;
  readonly user: string;
  readonly password: string;
  /** Starts an alerting service; settles when it is at the broker. */
  start(name: string): Promise<RunningService>;
  stop(): Promise<void>;
}

/** Starts the broker. @param url of the database */
export async function startServices(
  site: Site,
  url: string,
  more: Omit<Partial<AlertingOptions>, 'logger' | 'probes' | 'sites' | 'store'> = {},
  others: readonly Principal[] = [],
): Promise<Services> {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-services-'));
  const children: ChildProcess[] = [];
  const run = async (name: string, entry: string, config: object) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    const child = fork(entry, [path], {
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        ...(name === 'broker' ? nodeOptionsOf('broker') : []),
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.push(child);
    const [message] = (await once(child, 'message')) as [{ ready: boolean; port?: number }];
    if (!message.ready) throw new Error(`${name} did not start: ${JSON.stringify(message)}`);
    return { child, port: message.port ?? 0 };
  };
  const alerting = { kind: 'alerting', name: 'alerting', site: site.id } as const;
  const gateways = site.gateways.map(
    (id) => ({ kind: 'gateway', name: id, site: site.id, gateway: id }) as const,
  );
  const broker = await run('broker', here('../../broker/src/main.ts'), {
    port: 0,
    identities: [alerting, ...gateways, ...others].map(identity),
  });
  const start = async (name: string): Promise<RunningService> => {
    const { child, port } = await run(name, here('../../cli/src/start/alerting-process.ts'), {
      ...more,
      name,
      sites: [{ site }],
      store: { kind: 'server', url },
      broker: { url: `mqtt://127.0.0.1:${broker.port}`, username: 'alerting', password: 'alerting' },
      http: { host: '127.0.0.1', port: 0 },
      services: [],
      accounts: [{ user: 'officer', password, role: 'admin' }],
    });
    const address = `http://127.0.0.1:${port}`;
    const health = async () => (await (await fetch(`${address}/healthz`)).json()) as Health;
    await waitFor(
      `${name} at the broker`,
      async () => (await health()).components.brokerLink?.status === 'ok',
      60_000,
    );
    const ended = async (signal: NodeJS.Signals) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    };
    return {
      ...{ name, child, console: `${address}/`, api: `${address}/api/v1`, health },
      kill: () => ended('SIGKILL'),
      end: () => ended('SIGTERM'),
    };
  };
  return {
    ...{ mqttPort: broker.port, user: 'officer', password, start },
    stop: async () => {
      for (const child of children.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
