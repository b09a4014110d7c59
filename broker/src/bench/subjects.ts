import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrokerOptions } from '../config.ts';
import { ServerProcess } from './server-process.ts';

/** A broker under measurement, in a process of its own. */
export interface Subject {
  readonly port: number;
  readonly ports: readonly number[];
  /** Of the broker, for `ps` and signals; 0 for one whose process is not ours to look at. */
  readonly pid: number;
  readonly child: ChildProcess | undefined;
  stop(): Promise<void>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The parts of the configuration that every measured broker of ours has: identity by secret, and limits. */
export function benchConfig(more: Partial<BrokerOptions> = {}): BrokerOptions {
  const gateways = Array.from({ length: 40 }, (_each, number) => `gw${number}`);
  const identity = (name: string, kind: 'gateway' | 'alerting') => ({
    username: name,
    secretSha256: createHash('sha256').update(name).digest('hex'),
    principal: { kind, name, site: 'demo', ...(kind === 'gateway' ? { gateway: name } : {}) },
  });
  return {
    port: 0,
    identities: [...gateways.map((name) => identity(name, 'gateway')), identity('alerting', 'alerting')],
    limits: { messagesPerSecond: 1_000_000, bytesPerSecond: 1024 ** 3, connectionsPerAddress: 5000 },
    ...more,
  };
}

/** Our broker as `main.ts` runs it. */
export async function startOurs(
  config: BrokerOptions = benchConfig(),
  execArgv: string[] = [],
): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'watchpost-bench-'));
  const path = join(folder, 'broker.json');
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return await started(
    fork(here('../main.ts'), [path], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv,
      env: { ...process.env, WATCHPOST_LOG_LEVEL: 'silent' },
    }),
    () => rm(folder, { recursive: true, force: true }),
  );
}

export const startBareAedes = (): Promise<Subject> =>
  started(fork(here('./bare-aedes.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] }));

export const startBareNode = (): Promise<Subject> =>
  started(fork(here('./bare-node.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] }));

async function started(
  child: ChildProcess,
  clean: () => Promise<void> = async () => undefined,
): Promise<Subject> {
  const [message] = (await once(child, 'message')) as [{ port?: number; ports?: number[]; code?: string }];
  if (message.port === undefined) throw new Error(`a broker did not start: ${message.code}`);
  return {
    port: message.port,
    ports: message.ports ?? [],
    pid: child.pid ?? 0,
    child,
    async stop() {
      const exited = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await exited;
      await clean();
    },
  };
}

export async function startMosquitto(): Promise<Subject> {
  const server = await ServerProcess.start(
    'mosquitto',
    (folder) => ['-c', `${folder}/mosquitto.conf`],
    (_folder, port) => ({
      'mosquitto.conf': `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type none\n`,
    }),
  );
  return { port: server.port, ports: [], pid: 0, child: undefined, stop: () => server.stop() };
}

export const isInstalled = (command: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;

/** Resident memory of a process in bytes. */
export const residentBytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) * 1024;
