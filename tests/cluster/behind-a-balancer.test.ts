import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { type AlertingService, startAlerting } from '@watchpost/alerting';
import { type EdgeAgent, parseEdgeAgentConfig, startEdgeAgent } from '@watchpost/edge-agent';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BrokerCluster } from '../support/broker-cluster.ts';
import { demoSite } from '../support/demo-site.ts';
import { queryEmbedded } from '../support/stored-content.ts';
import { waitFor } from '../support/wait-for.ts';

const everyMs = 100;
const said = 200;

let folder: string;
let cluster: BrokerCluster;
let alerting: AlertingService;
let agent: EdgeAgent;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-cluster-'));
  cluster = await BrokerCluster.start();
  alerting = await startAlerting({
    sites: [{ site: demoSite }],
    store: { kind: 'embedded', folder: join(folder, 'store') },
    broker: { url: `mqtt://127.0.0.1:${cluster.tcp}`, username: 'alerting', password: 'alerting' },
    http: { host: '127.0.0.1', port: 0 },
  });
  agent = await startAgent();
});
afterEach(async () => {
  await agent?.stop();
  await alerting?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true });
});

/** A gateway whose smoke detector and door speak ten times a second for 20 s. */
async function startAgent(): Promise<EdgeAgent> {
  const { cert, key } = await cluster.site.gateway('gw-1');
  const identity = join(folder, 'gateway.pem');
  writeFileSync(identity, `${cert}${key}`, { mode: 0o600 });
  const device = <Kind extends 'smoke' | 'door_contact'>(
    id: string,
    kind: Kind,
    actions: [string, string],
  ) => ({
    ...{ kind, id, zone: 'server-room' },
    profile: `generic-${kind.replace('_', '-')}`,
    connect: {
      driver: 'simulator' as const,
      schedule: Array.from({ length: said }, (_each, index) => ({
        atMs: index * everyMs,
        action: actions[index % 2] ?? '',
      })),
    },
  });
  const config = {
    site: 'demo',
    gateway: 'gw-1',
    dataFolder: join(folder, 'gateway'),
    broker: {
      url: `mqtts://localhost:${cluster.tls}`,
      caFile: cluster.site.files.certificate,
      certFile: identity,
      keyFile: identity,
    },
    devices: [
      device('server-smoke', 'smoke', ['alarm', 'clear']),
      device('server-door', 'door_contact', ['open', 'close']),
    ],
    logLevel: 'silent',
  };
  return await startEdgeAgent(parseEdgeAgentConfig(config, Date.now()));
}

const isHealthy = async (): Promise<boolean> => {
  const answer = await fetch(`${alerting.address}/healthz`);
  return answer.ok && agent.state().status === 'online';
};

it('brokers die and come back in turn; every event of the gateway is stored once, and none is missing', async () => {
  const startedMs = performance.now();
  await waitFor('healthy', isHealthy);
  for (const [turn, signal] of (['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const).entries()) {
    await delay(1500);
    await cluster.end(turn % 2, signal);
    await delay(1500);
    await waitFor('healthy over the other broker alone', isHealthy);
    await cluster.begin(turn % 2);
  }
  const outbox = () => {
    const database = new DatabaseSync(join(folder, 'gateway', 'outbox.sqlite'), { readOnly: true });
    const [life] = database.prepare('SELECT epoch, last_seq, watermark FROM life').all();
    database.close();
    return life as { epoch: string; last_seq: number; watermark: number };
  };
  await waitFor('the devices have said all', () => said * everyMs < performance.now() - startedMs);
  await waitFor('everything confirmed', () => agent.state().outboxDepth === 0);
  await agent.stop();
  await alerting.stop();
  const { epoch, last_seq, watermark } = outbox();
  const stored = await queryEmbedded(join(folder, 'store', 'pg'), (query) =>
    query('SELECT epoch, seq FROM event ORDER BY seq'),
  );
  expect(watermark).toBe(last_seq);
  expect(last_seq).toBeGreaterThan(said / 2);
  expect(stored).toEqual(Array.from({ length: last_seq }, (_each, index) => ({ epoch, seq: index + 1 })));
});
