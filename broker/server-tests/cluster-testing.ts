import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Principal } from '@watchpost/contracts/wire';
import { pino } from 'pino';
import { afterEach, beforeEach } from 'vitest';
import { type ServerProcess, startRedis } from '../src/bench/server-process.ts';
import { type BrokerService, startBroker } from '../src/broker-service.ts';
import { connectPacket, RawClient } from '../src/broker-testing.ts';
import type { BrokerOptions } from '../src/config.ts';
import { clusterReached } from '../src/conformance/broker-under-test.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const anonymous: Principal = { kind: 'demo', name: 'demo', site: 'demo' };

export const up = 'wp/1/demo/gw1/up';
export const state = 'wp/1/demo/gw1/state';
/** What a client leaves behind on {@link state}. */
export const will = { topic: state, payload: Buffer.from('dead'), qos: 1 as const, retain: true };

/** Brokers on one Redis. */
export interface TestCluster {
  /** The configuration of a node. */
  config(more?: Partial<BrokerOptions>): BrokerOptions;
  /** A node in this process, which may not have reached Redis yet. */
  begin(more?: Partial<BrokerOptions>): Promise<BrokerService>;
  /** A node in this process. */
  node(more?: Partial<BrokerOptions>): Promise<BrokerService>;
  /** A node that can be killed. */
  processNode(): Promise<{ child: ChildProcess; broker: BrokerService }>;
  redis(): ServerProcess;
  /** Another Redis, started with these arguments, in the place of the first. */
  redisWith(...args: string[]): Promise<ServerProcess>;
  /** A folder for files. */
  folder(): string;
  /** What the nodes of this process have logged. */
  logged(): string;
}

/** A Redis for each test of the file that calls this, and brokers on it; all end with the test. */
export function clusterPerTest(): TestCluster {
  let redis: ServerProcess;
  let folder: string;
  let nodes: BrokerService[];
  let children: ChildProcess[];
  let lines: string[];

  beforeEach(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), 'watchpost-cluster-'));
    [nodes, children, lines] = [[], [], []];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(nodes.map((node) => node.stop()));
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const config = (more: Partial<BrokerOptions> = {}): BrokerOptions => ({
    port: 0,
    anonymous,
    cluster: { url: `redis://127.0.0.1:${redis.port}`, deadAfterMs: 1000 },
    sysIntervalSeconds: 1,
    ...more,
  });
  const begin = async (more: Partial<BrokerOptions> = {}) => {
    const logger = pino({ level: 'debug' }, { write: (line) => lines.push(line) });
    const broker = await startBroker(config({ logger, ...more }));
    nodes.push(broker);
    return broker;
  };
  return {
    config,
    begin,
    node: async (more) => {
      const broker = await begin(more);
      await clusterReached(broker);
      return broker;
    },
    processNode: async () => {
      const path = join(folder, `${crypto.randomUUID()}.json`);
      await writeFile(path, JSON.stringify(config()));
      const child = fork(main, [path], { silent: true, execArgv: [] });
      children.push(child);
      const [message] = (await once(child, 'message')) as [{ port: number }];
      const broker = { port: message.port } as BrokerService;
      await letsIn(broker);
      return { child, broker };
    },
    redis: () => redis,
    redisWith: async (...args) => {
      await redis.stop();
      redis = await startRedis(...args);
      return redis;
    },
    folder: () => folder,
    logged: () => lines.join(''),
  };
}

/** Its Redis may be a moment away: clients are refused until then. */
async function letsIn(broker: BrokerService): Promise<void> {
  for (let code = 3; code !== 0; ) {
    const raw = await RawClient.open(broker);
    raw.send(connectPacket('probe'));
    code = (await raw.next('connack')).returnCode ?? 0;
    raw.socket.destroy();
  }
}
