import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventData, EventType, Site } from '@watchpost/contracts';
import { sourceOf } from '@watchpost/contracts';
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { type KeyedAlert, saveAlerts } from '../../alerting/src/store/alert-store.ts';
import { openStore } from '../../alerting/src/store/open-store.ts';
import { demoSite } from '../../cli/src/demo/demo-site.ts';
import { brokerLinks, demoBrokerConfig, newOfficerKey } from '../../cli/src/start/broker-link.ts';
import { buildConsole } from '../../cli/src/start/build-console.ts';
import { entryOf } from '../../cli/src/start/entry-of.ts';
import { freePort } from '../../cli/src/start/free-port.ts';
import { writeRunFile } from '../../cli/src/start/run-files.ts';
import { loadSecrets } from '../../cli/src/start/secrets.ts';
import { ServiceProcess } from '../../cli/src/start/service-process.ts';
import type { Ready } from './watchpost-process.ts';

export interface ServerSetup {
  /** Its id is `demo`, whatever else it holds. */
  readonly site?: Site;
  /** Alerts that are stored already when the server starts. */
  readonly alerts?: readonly KeyedAlert[];
}

/** Speaks as the demo's gateway: its events are numbered in one epoch, and delivered when the promise resolves. */
export interface TestGateway {
  say<T extends EventType>(type: T, device: string, data: EventData<T>): Promise<void>;
  close(): Promise<void>;
}

/** Broker, alerting and console as real processes, without camera and flows: up in a few seconds. */
export interface TestServer {
  readonly ready: Ready;
  gateway(): Promise<TestGateway>;
  stop(): Promise<void>;
}

const user = 'demo';
const host = '127.0.0.1';
const stopWithinMs = 5_000;

async function seed(folder: string, alerts: readonly KeyedAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const store = await openStore({ kind: 'embedded', folder });
  for (let from = 0; from < alerts.length; from += 500) {
    await saveAlerts(store.db, alerts.slice(from, from + 500));
  }
  await store.close();
}

/** Starts what stands between a gateway and the eyes of an officer. */
export async function startServer({ site = demoSite, alerts = [] }: ServerSetup = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-server-'));
  const logger = pino({ level: 'silent' });
  const services: ServiceProcess[] = [];
  const start = async (name: string, entry: string, config: object): Promise<void> => {
    const args = [writeRunFile(folder, name, config)];
    const service = new ServiceProcess({ name, entry, args, logger });
    services.unshift(service);
    await service.start();
  };
  const stop = async () => {
    for (const service of services) await service.stop(stopWithinMs);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const secrets = loadSecrets(folder);
    const [mqttPort, httpPort] = [await freePort(0, 'mqtt'), await freePort(0, 'http')];
    const links = brokerLinks(secrets, mqttPort, undefined);
    const consoleFolder = await buildConsole(() => undefined);
    await seed(join(folder, 'store'), alerts);
    await start(
      'broker',
      entryOf('@watchpost/broker'),
      demoBrokerConfig(mqttPort, secrets, user, newOfficerKey()),
    );
    await start(
      'alerting',
      fileURLToPath(new URL('../../cli/src/start/alerting-process.ts', import.meta.url)),
      {
        site,
        store: { kind: 'embedded', folder: join(folder, 'store') },
        broker: links.alerting,
        http: { host, port: httpPort },
        consoleFolder,
        services: [],
        accounts: [{ user, password: secrets.demoPassword, role: 'admin' }],
      },
    );
    const ready: Ready = {
      ready: true,
      console: `http://${host}:${httpPort}/`,
      api: `http://${host}:${httpPort}/api/v1`,
      mqtt: links.gateway.url,
      flows: '',
      user,
      password: secrets.demoPassword,
    };
    return { ready, stop, gateway: () => testGateway(site, links.gateway) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function testGateway(
  site: Site,
  { url, ...login }: { readonly url: string; readonly username?: string; readonly password?: string },
): Promise<TestGateway> {
  const [gateway = ''] = site.gateways;
  const client = await connectAsync(url, { ...login, clientId: gateway });
  const epoch = randomUUID().replaceAll('-', '');
  let seq = 0;
  return {
    say: async (type, device, data) => {
      seq += 1;
      const event = {
        specversion: '1.0',
        id: randomUUID(),
        source: sourceOf(site.id, device),
        type,
        time: new Date().toISOString(),
        subject: site.devices.find(({ id }) => id === device)?.zone,
        gateway,
        epoch,
        seq,
        data,
      };
      await client.publishAsync(`wp/1/${site.id}/${gateway}/up`, JSON.stringify(event), { qos: 1 });
    },
    close: () => client.endAsync(),
  };
}
