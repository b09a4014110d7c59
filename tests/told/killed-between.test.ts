import { randomUUID } from 'node:crypto';
import { alertDetailSchema } from '@watchpost/contracts/api';
import type { Principal } from '@watchpost/contracts/wire';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BlackholeProxy } from '../../alerting/src/testing/blackhole-proxy.ts';
import { ApiClient, health } from '../support/api-client.ts';
import { EventSender } from '../support/event-sender.ts';
import { sensorSite } from '../support/sensor-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { waitFor } from '../support/wait-for.ts';

const kills = Number(process.env.WATCHPOST_KILLS ?? 20);
const site = sensorSite('killed', [{ id: 'smoke-1', gateway: 'calm', kind: 'smoke' }]);
const reader: Principal = { kind: 'integrator', name: 'reader', site: site.id };
let processes: SiteProcesses;
let line: BlackholeProxy;
let api: ApiClient;
let listener: MqttClient;
/** The newest version that the broker retains. */
let retained = 0;

beforeAll(async () => {
  processes = await startSiteProcesses({
    site,
    otherIdentities: [reader],
    linkOfAlerting: async (port) => {
      line = new BlackholeProxy(`mqtt://127.0.0.1:${port}`);
      return Number(new URL(await line.start()).port);
    },
  });
  api = await ApiClient.logIn({ ...processes, ready: true, mqtt: '', flows: '' });
  const who = { username: 'reader', password: 'reader', clientId: 'reader' };
  listener = await mqtt.connectAsync(`mqtt://127.0.0.1:${processes.mqttPort}`, who);
  listener.on('message', (_topic, payload) => {
    if (payload.length > 0) retained = JSON.parse(payload.toString()).version;
  });
  await listener.subscribeAsync(`wp/1/${site.id}/alerts/+`, { qos: 1 });
});
afterAll(async () => {
  await listener?.endAsync(true);
  await processes?.stop();
  await line?.stop();
});

/** What the stream says after a position, up to its counts. */
async function streamAfter(position?: string): Promise<string> {
  const ended = new AbortController();
  const answer = await api.get(`/stream${position ? `?after=${position}` : ''}`, ended.signal);
  let text = '';
  for await (const bytes of answer.body ?? []) {
    text += Buffer.from(bytes).toString();
    if (text.includes('event: counts')) break;
  }
  ended.abort();
  return text;
}

const isLinked = async () => (await health(processes)).components.brokerLink?.status === 'ok';

test(
  `killed ${kills} times between a commit and its publication, alerting tells broker and stream after each start`,
  async () => {
    const sender = await EventSender.connect(processes.mqttPort, site.id, 'calm');
    await sender.smoke('smoke-1');
    const opened = await waitFor('the alert', async () => (await api.alerts()).alerts[0]);
    await sender.stop();
    let { version } = opened;
    for (let kill = 1; kill <= kills; kill++) {
      await waitFor('the broker has what was before', () => retained === version);
      const position = /^id: (.+)$/m.exec(await streamAfter())?.[1];
      // From here on nothing that alerting publishes arrives.
      line.drop();
      const step = await api.post(`/alerts/${opened.id}/transitions`, {
        ...{ id: randomUUID(), version, reason: `note ${kill}` },
      });
      await processes.killAlerting();
      ({ version } = alertDetailSchema.parse(await step.json()).alert);
      expect(retained).toBe(version - 1);
      line.restore();
      await processes.restartAlerting();
      await waitFor(`the broker was told of note ${kill}`, () => retained === version, 60_000);
      const said = await streamAfter(position);
      expect(said).toContain('"resumed":true');
      expect(said.match(/event: alert\n/g)).toHaveLength(1);
      expect(said).toContain(`"version":${version}`);
      await waitFor('alerting at the broker', isLinked, 60_000);
    }
  },
  60_000 + kills * 30_000,
);
