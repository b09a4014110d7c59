import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, ServerProcess, startRedis } from '../../broker/src/bench/server-process.ts';
import { TestSite } from '../../identity/src/testing/test-site.ts';

const brokerMain = fileURLToPath(new URL('../../broker/src/main.ts', import.meta.url));

interface Node {
  readonly config: string;
  readonly tcp: number;
  readonly tls: number;
  child: ChildProcess | undefined;
}

/**
 * Two brokers on one Redis behind HAProxy, which passes TCP on with the PROXY protocol, version 2: gateways
 * come over mutual TLS, services with a secret.
 */
export class BrokerCluster {
  readonly site: TestSite;
  readonly tcp: number;
  readonly tls: number;
  readonly #nodes: readonly Node[];
  readonly #servers: readonly ServerProcess[];

  private constructor(
    site: TestSite,
    ports: { tcp: number; tls: number },
    nodes: readonly Node[],
    servers: readonly ServerProcess[],
  ) {
    this.site = site;
    this.tcp = ports.tcp;
    this.tls = ports.tls;
    this.#nodes = nodes;
    this.#servers = servers;
  }

  /** The one service is `alerting` of the site `demo`; its secret is its name. */
  static async start(): Promise<BrokerCluster> {
    const site = await TestSite.create();
    const redis = await startRedis();
    const alerting = {
      username: 'alerting',
      secretSha256: createHash('sha256').update('alerting').digest('hex'),
      principal: { kind: 'alerting', name: 'alerting', site: 'demo' },
    };
    const nodes: Node[] = [];
    for (const name of ['a', 'b']) {
      const [tcp, tls] = [await freePort(), await freePort()];
      const config = join(site.folder, `broker-${name}.json`);
      const listeners = [
        { type: 'tcp', port: tcp, proxyProtocol: true },
        { type: 'tls', port: tls, proxyProtocol: true, tls: site.mutualTls },
      ];
      const cluster = { url: `redis://127.0.0.1:${redis.port}`, deadAfterMs: 1000 };
      const certificates = { site: 'demo' };
      const options = { port: 0, listeners, identities: [alerting], certificates, cluster };
      await writeFile(config, JSON.stringify(options));
      nodes.push({ config, tcp, tls, child: undefined });
    }
    const tls = await freePort();
    const balancer = await ServerProcess.start(
      'haproxy',
      (folder) => ['-f', `${folder}/haproxy.cfg`, '-db'],
      (_folder, port) => ({ 'haproxy.cfg': balancerConfig({ tcp: port, tls }, nodes) }),
    );
    const cluster = new BrokerCluster(site, { tcp: balancer.port, tls }, nodes, [balancer, redis]);
    await Promise.all([0, 1].map((index) => cluster.begin(index)));
    return cluster;
  }

  /** Starts a node; resolves when it listens. */
  async begin(index: number): Promise<void> {
    const node = this.#nodes[index];
    if (!node) throw new RangeError(`no node ${index}`);
    node.child = fork(brokerMain, [node.config], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    await once(node.child, 'message');
  }

  /** Ends a node; resolves when its process is gone. */
  async end(index: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#nodes[index]?.child;
    if (!child) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async stop(): Promise<void> {
    for (const { child } of this.#nodes) child?.kill('SIGKILL');
    for (const server of this.#servers) await server.stop();
    await this.site.remove();
  }
}

function balancerConfig(front: { tcp: number; tls: number }, nodes: readonly Node[]): string {
  const listen = (name: 'tcp' | 'tls') => [
    `listen ${name}`,
    `  bind 127.0.0.1:${front[name]}`,
    ...nodes.map(
      (node, index) =>
        `  server ${index} 127.0.0.1:${node[name]} send-proxy-v2 check check-send-proxy inter 200 fall 1 rise 1 on-marked-down shutdown-sessions`,
    ),
  ];
  return [
    'defaults',
    '  mode tcp',
    '  balance roundrobin',
    '  option redispatch',
    '  timeout connect 2s',
    '  timeout client 1h',
    '  timeout server 1h',
    ...listen('tcp'),
    ...listen('tls'),
    '',
  ].join('\n');
}
