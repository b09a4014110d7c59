import { randomUUID } from 'node:crypto';
import type { Instructions, Site } from '@watchpost/contracts/site';
import { type EventData, type EventType, sourceOf } from '@watchpost/contracts/wire';
import { connectAsync } from 'mqtt';
import type { KeyedAlert } from '../../alerting/src/store/alert-store.ts';
import { demoSite } from './demo-site.ts';
import { startSiteProcesses } from './site-processes.ts';
import type { Ready } from './watchpost-process.ts';

export interface ServerSetup {
  readonly site?: Site;
  readonly otherSites?: readonly Site[];
  /** What officers of `site` are to do. */
  readonly instructions?: Instructions;
  /** Alerts that are stored already when the server starts. */
  readonly alerts?: readonly KeyedAlert[];
}

/**
 * Speaks as the demo's gateway: its events are numbered in one epoch, and delivered when the promise
 * resolves.
 */
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

/** Starts what stands between a gateway and the eyes of an officer. */
export async function startServer(setup: ServerSetup = {}): Promise<TestServer> {
  const { site = demoSite, otherSites = [], alerts = [], instructions = {} } = setup;
  const { mqttPort, stop, ...rest } = await startSiteProcesses({
    site,
    otherSites,
    alerts,
    instructions,
    console: true,
  });
  const { console, api, user, password } = rest;
  const mqtt = `mqtt://127.0.0.1:${mqttPort}`;
  const ready: Ready = { ready: true, console, api, mqtt, flows: '', user, password };
  return { ready, stop, gateway: () => testGateway(site, mqtt) };
}

async function testGateway(site: Site, url: string): Promise<TestGateway> {
  const [gateway = ''] = site.gateways;
  const client = await connectAsync(url, { username: gateway, password: gateway, clientId: gateway });
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
