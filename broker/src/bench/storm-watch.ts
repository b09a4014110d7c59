import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TestSite } from '@watchpost/identity/testing/test-site';
import { freePort, ServerProcess } from './server-process.ts';
import { type Shore, type StormOrder, storms } from './storms.ts';
import { benchConfig, isInstalled, startBareNode, startOurs } from './subjects.ts';
import { type Figure, type Progress, runLoad } from './throughput.ts';

const stormFile = fileURLToPath(new URL('./storm-process.ts', import.meta.url));

/** A broker with a port of each kind. */
interface StormSubject extends Shore {
  stop(): Promise<void>;
}

/**
 * Ours as the supervisor starts it, with the limits of a site, so that the flood meets its rate; but all may
 * come from one address, and CONNECT has a second, so that the slow ones come again and again. `alive` tells
 * whether its process lives.
 */
export async function startForStorms(): Promise<StormSubject & { alive(): boolean }> {
  const site = await TestSite.create();
  const config = benchConfig({
    metricsPort: 0,
    certificates: { site: 'demo' },
    listeners: [
      { type: 'tls', port: 0, tls: site.mutualTls },
      { type: 'ws', port: 0, path: '/mqtt' },
    ],
    limits: { connectTimeoutMs: 1000, connectionsPerAddress: 5000 },
  });
  const ours = await startOurs(config, ['--max-semi-space-size=2', '--single-threaded-gc']);
  const [tls = 0, ws = 0] = ours.ports;
  return {
    ...{ tcp: ours.port, tls, ws, gateway: await site.gateway('gw1') },
    alive: () => ours.child?.exitCode === null && ours.child.signalCode === null,
    stop: async () => {
      await ours.stop();
      await site.remove();
    },
  };
}

/** What Node itself costs: see `bare-node.ts`. Over TCP alone. */
export async function startBareNodeForStorms(): Promise<StormSubject> {
  const { port, stop } = await startBareNode();
  return { tcp: port, tls: 0, ws: 0, gateway: { cert: '', key: '' }, stop };
}

/** Mosquitto with the same ports; it asks nobody for a secret. */
export async function startMosquittoForStorms(): Promise<StormSubject> {
  const site = await TestSite.create();
  const { certFile, keyFile, clientCaFile } = site.mutualTls;
  const [tls, ws] = [await freePort(), await freePort()];
  const server = await ServerProcess.start(
    'mosquitto',
    (folder) => ['-c', `${folder}/mosquitto.conf`],
    (_folder, port) => ({
      'mosquitto.conf': [
        `listener ${port} 127.0.0.1`,
        `listener ${tls} 127.0.0.1`,
        ...[`certfile ${certFile}`, `keyfile ${keyFile}`, `cafile ${clientCaFile}`],
        'require_certificate true',
        `listener ${ws} 127.0.0.1`,
        'protocol websockets',
        ...['allow_anonymous true', 'set_tcp_nodelay true', 'log_type none', 'user root', ''],
      ].join('\n'),
    }),
  );
  return {
    ...{ tcp: server.port, tls, ws, gateway: await site.gateway('gw1') },
    stop: async () => {
      await server.stop();
      await site.remove();
    },
  };
}

/** A storm in a process of its own, prepared; gives back how it is begun and ended. */
async function prepare({ tcp, tls, ws, gateway }: Shore, name: string) {
  const child = fork(stormFile, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const order: StormOrder = { name, shore: { tcp, tls, ws, gateway } };
  child.send(order);
  const exited = once(child, 'exit');
  const early = exited.then(([code]): never => {
    throw new Error(`the storm ended with ${code}`);
  });
  early.catch(() => undefined);
  await Promise.race([once(child, 'message'), early]);
  return {
    begin: () => child.send('begin'),
    end: async () => {
      child.send('end');
      await exited;
    },
  };
}

/**
 * A pair from another address that has nothing to do with it goes on at 200 messages a second: 99th
 * percentile of its delivery, and faults. Without a name, what they are in calm. Pair, storm and broker are
 * processes of their own; how late the pair itself was is in `lateMs`, and in the latencies.
 */
export async function pairDuring(shore: Shore, name: string | undefined, seconds: number) {
  const storm = name === undefined ? undefined : await prepare(shore, name);
  const { latenciesMs, lateMs, faults } = await runLoad(
    {
      ...{ port: shore.tcp, localAddress: '127.0.0.2', anonymous: false, gateways: [30] },
      ...{ seconds, window: 0, perSecond: 200 },
    },
    storm?.begin,
  );
  await storm?.end();
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return {
    p99Ms: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN,
    longestMs: sorted.at(-1) ?? Number.NaN,
    messages: sorted.length,
    latenciesMs: sorted,
    lateMs,
    faults,
  };
}

/**
 * Ours in every storm and, where Mosquitto is installed, it in the same storms: what the others’ 99th
 * percentile and their longest delivery become.
 */
export async function benchStorms(progress: Progress): Promise<Figure[]> {
  const subjects: [prefix: string, subject: StormSubject][] = [['', await startForStorms()]];
  if (isInstalled('mosquitto')) subjects.push(['mosquitto_', await startMosquittoForStorms()]);
  const figures: Figure[] = [];
  try {
    for (const name of ['calm', ...Object.keys(storms)]) {
      const storm = name in storms ? name : undefined;
      for (const [prefix, subject] of subjects) {
        const pair = await pairDuring(subject, storm, storms[name]?.seconds ?? 4);
        const { p99Ms, longestMs, messages, faults } = pair;
        progress(
          `${prefix}${name}: the others’ 99th percentile is ${p99Ms.toFixed(1)} ms, the longest ${longestMs.toFixed(1)} ms, ${faults} faults`,
        );
        const figure = `storm_${prefix}${name}`;
        figures.push(
          { figure: `${figure}_p99_ms`, value: p99Ms, unit: 'ms', n: messages },
          { figure: `${figure}_longest_ms`, value: longestMs, unit: 'ms', n: messages },
          { figure: `${figure}_faults`, value: faults, unit: 'messages', n: messages },
        );
      }
    }
  } finally {
    for (const [, subject] of subjects) await subject.stop();
  }
  return figures;
}
