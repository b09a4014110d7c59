import { randomUUID } from 'node:crypto';
import { type BrokerService, startBroker } from '@watchpost/broker';
import { alertPageSchema, mqttAccessSchema } from '@watchpost/contracts/api';
import type { Principal } from '@watchpost/contracts/wire';
import { newTokenKey, publicTokenKey } from '@watchpost/identity';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identity } from '../../broker/src/broker-testing.ts';
import { demoSite } from '../support/demo-site.ts';
import { DoorSite, password } from '../support/door-site.ts';
import { call } from '../support/http-caller.ts';
import { secondSite } from '../support/second-site.ts';
import { waitFor } from '../support/wait-for.ts';

const { kinds: _, ...key } = newTokenKey({ kid: 'officers' });
const sites = [demoSite, secondSite];
const gateway = demoSite.gateways[0] ?? '';
const sensor = demoSite.devices.find(({ kind }) => kind === 'smoke');
const clients: MqttClient[] = [];
let broker: BrokerService;
let doors: DoorSite;

/** Everybody’s secret is its user name. */
const accounts = sites.flatMap(({ id }) => {
  const principals: readonly Principal[] = [
    { kind: 'alerting', name: 'alerting', site: id },
    { kind: 'gateway', name: gateway, site: id, gateway },
  ];
  return principals.map((principal) => {
    const username = `${id}-${principal.kind}`;
    return { ...identity({ ...principal, name: username }), principal };
  });
});

beforeAll(async () => {
  broker = await startBroker({
    port: 0,
    identities: accounts,
    tokens: { site: sites.map(({ id }) => id), keys: [publicTokenKey({ ...key, kinds: ['officer'] })] },
  });
  doors = new DoorSite({
    sites: sites.map((site) => ({
      site,
      broker: { username: `${site.id}-alerting`, password: `${site.id}-alerting` },
    })),
    broker: { url: `mqtt://127.0.0.1:${broker.port}` },
    officerTokens: { key },
    accounts: sites.map(({ id }) => ({ user: id, password, role: 'officer' as const, sites: [id] })),
  });
  await doors.start();
});
afterAll(async () => {
  for (const client of clients) await client.endAsync(true);
  await doors.stop();
  await broker.stop();
});

const connect = async (options: object) => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    reconnectPeriod: 0,
    ...options,
  });
  clients.push(client);
  return client;
};

test('the same event of two gateways of one name is an alert on each site, and each officer’s app hears its own', async () => {
  const event = {
    ...{ specversion: '1.0', id: randomUUID(), type: 'watchpost.sensor.alarm.v1', data: { kind: 'smoke' } },
    ...{ time: new Date().toISOString(), subject: sensor?.zone, gateway, epoch: 'e'.repeat(32), seq: 1 },
  };
  const heard = new Map<string, string[]>();
  for (const { id } of sites) {
    const headers = { cookie: await doors.cookie(id) };
    const answer = await call(`${doors.address}/api/v1/mqtt-token`, { method: 'POST', body: {}, headers });
    const { username, password: token } = mqttAccessSchema.parse(JSON.parse(answer.text));
    const app = await connect({ username, password: token });
    const topics: string[] = [];
    heard.set(id, topics);
    app.on('message', (topic) => topics.push(topic));
    await app.subscribeAsync(`wp/1/${id}/alerts/+`, { qos: 1 });
    for (const filter of [
      'wp/1/+/alerts/+',
      ...sites.filter((site) => site.id !== id).map((site) => `wp/1/${site.id}/alerts/+`),
    ])
      await expect(app.subscribeAsync(filter)).rejects.toThrow();
  }
  for (const { id } of sites) {
    const account = `${id}-gateway`;
    const sender = await connect({ username: account, password: account, clientId: `wp-${id}-${gateway}` });
    const receipts: string[] = [];
    sender.on('message', (_topic, payload) => receipts.push(payload.toString()));
    await sender.subscribeAsync(`wp/1/${id}/${gateway}/receipt`, { qos: 1 });
    const source = `/sites/${id}/devices/${sensor?.id}`;
    const send = () =>
      sender.publish(`wp/1/${id}/${gateway}/up`, JSON.stringify({ ...event, source }), { qos: 1 });
    await waitFor(`the receipt of ${id}`, async () => {
      send();
      return receipts.some((receipt) => receipt.includes(event.epoch));
    });
  }
  for (const { id } of sites) {
    await waitFor(`the alert of ${id}`, async () => (heard.get(id)?.length ?? 0) > 0);
    expect(heard.get(id)?.every((topic) => topic.startsWith(`wp/1/${id}/`))).toBe(true);
    const headers = { cookie: await doors.cookie(id) };
    const page = await fetch(`${doors.address}/api/v1/alerts`, { headers });
    expect(alertPageSchema.parse(await page.json()).alerts.map(({ site }) => site)).toEqual([id]);
  }
});
