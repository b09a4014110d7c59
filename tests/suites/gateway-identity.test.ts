import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrokerService, startBroker } from '@watchpost/broker';
import { type GatewayState, gatewayStateSchema } from '@watchpost/contracts/wire';
import { type EdgeAgent, parseEdgeAgentConfig, startEdgeAgent } from '@watchpost/edge-agent';
import { claimGateway } from '@watchpost/edge-agent/identity';
import { issueToken, newTokenKey, publicTokenKey } from '@watchpost/identity';
import {
  authorityFolder,
  type ClaimService,
  createAuthority,
  inviteGateway,
  issueServerCertificate,
  revoke,
  startClaimService,
} from '@watchpost/identity/authority';
import mqtt from 'mqtt';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';

const dayMs = 86_400_000;
/** Life of a gateway’s certificate here: it is renewed after two thirds of it. */
const lifeMs = 16_000;
const key = newTokenKey({ kid: 'k1' });
let folder: string;
let ca: string;
let broker: BrokerService;
let claims: ClaimService;
let agent: EdgeAgent | undefined;
let log: Record<string, unknown>[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-identity-'));
  ca = join(folder, 'ca');
  log = [];
  await createAuthority(ca, 'park', Date.now());
  await issueServerCertificate(ca, ['localhost'], dayMs, Date.now());
  const files = authorityFolder(ca);
  const tls = {
    certFile: files.serverCertificate,
    keyFile: files.serverKey,
    clientCaFile: files.certificate,
  };
  broker = await startBroker({
    port: 0,
    listeners: [{ type: 'tls', port: 0, tls }],
    certificates: { site: 'park' },
    tokens: { site: 'park', keys: [publicTokenKey(key)] },
    revocationFile: files.revocations,
    logger: pino({}, { write: (line: string) => log.push(JSON.parse(line)) }),
  });
  claims = await startClaimService({ folder: ca, host: '127.0.0.1', port: 0, lifeDays: lifeMs / dayMs });
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  await claims.stop();
  await broker.stop();
  rmSync(folder, { recursive: true });
});

/** What alerting sees of the gateway, newest last. */
async function statesSeen(): Promise<{ states: GatewayState[]; end: () => Promise<void> }> {
  const order = {
    site: 'park',
    issuer: 'watchpost',
    kind: 'alerting',
    subject: 'alerting',
    lifeSeconds: 600,
  } as const;
  const client = await mqtt.connectAsync({
    host: '127.0.0.1',
    port: broker.port,
    username: 'token',
    password: await issueToken(order, key, Date.now()),
  });
  const states: GatewayState[] = [];
  client.on('message', (_topic, payload) =>
    states.push(gatewayStateSchema.parse(JSON.parse(payload.toString()))),
  );
  await client.subscribeAsync('wp/1/park/gw1/state', { qos: 1 });
  return { states, end: () => client.endAsync(true) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function startAgent(): Promise<void> {
  const url = `https://localhost:${claims.port}`;
  const code = await inviteGateway(ca, 'gw1', 60_000, Date.now());
  const { files } = await claimGateway(code, url, join(folder, 'identity'));
  const config = parseEdgeAgentConfig(
    {
      site: 'park',
      gateway: 'gw1',
      dataFolder: join(folder, 'data'),
      broker: {
        url: `mqtts://localhost:${broker.ports[0]}`,
        caFile: files.ca,
        certFile: files.gateway,
        keyFile: files.gateway,
        renewUrl: url,
      },
      devices: [
        {
          kind: 'smoke',
          id: 'smoke1',
          zone: 'hall',
          profile: 'generic-smoke',
          connect: { driver: 'simulator' },
        },
      ],
      logLevel: 'silent',
    },
    Date.now(),
  );
  agent = await startEdgeAgent(config);
}

it('a gateway claims, connects, renews by itself and goes on with the new certificate, and is out once it is revoked', async () => {
  const { states, end } = await statesSeen();
  await startAgent();
  await until(() => states.some(({ status }) => status === 'online'));
  const first = states.at(-1)?.certificate;
  expect(first?.status).toBe('ok');
  await until(() => states.some(({ certificate }) => (certificate?.expires ?? '') > (first?.expires ?? '~')));
  expect(states.map(({ status }) => status)).not.toContain('offline');
  expect(
    log.filter((line) => line.msg === 'client connected' && line.principal === 'gw1').length,
  ).toBeGreaterThan(1);
  expect(log.filter((line) => line.msg === 'refused')).toEqual([]);
  await revoke(ca, { gateway: 'gw1' }, Date.now());
  await until(() => states.at(-1)?.status === 'offline');
  await until(() => log.some((line) => line.reason === 'revoked' && line.principal === 'gw1'));
  expect(agent?.state().status).toBe('offline');
  await end();
});

it('says that renewal fails while the claim service is away, and is put out when the certificate expires', async () => {
  const { states, end } = await statesSeen();
  await startAgent();
  await claims.stop();
  await until(() => states.some(({ certificate }) => certificate?.status === 'renewal_fails'));
  expect(states.findLast(({ certificate }) => certificate?.error)?.certificate?.error).toBe(
    'identity.service_unreachable',
  );
  await until(() => log.some((line) => line.reason === 'expired' && line.principal === 'gw1'));
  await until(() => states.at(-1)?.status === 'offline');
  await end();
  claims = await startClaimService({ folder: ca, host: '127.0.0.1', port: 0 });
});
