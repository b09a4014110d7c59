import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '@watchpost/contracts/alert';
import { gatewayListSchema } from '@watchpost/contracts/api';
import { siteSchema } from '@watchpost/contracts/site';
import { MqttProxy } from '@watchpost/service/testing/mqtt-proxy';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AlertStream } from '../support/alert-stream.ts';
import { ApiClient } from '../support/api-client.ts';
import { openBrowser } from '../support/browser.ts';
import { openConsole } from '../support/console-page.ts';
import { EventSender } from '../support/event-sender.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { GatewayRemote } from '../support/gateway-remote.ts';
import { sensorSite } from '../support/sensor-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { waitFor } from '../support/wait-for.ts';

// An outage: what the gateway says goes nowhere and alerting is down, while the clocks of both machines move
// on by minutes or hours.
const minuteMs = 60_000;
const cutOff = 'cut-off';
const linkOfGateway = /^wp-late-cut-off$/;
const toldWithinMs = 45_000;

const sensors = sensorSite('late', [
  ...['short', 'long'].flatMap((outage) => [
    { id: `${outage}-smoke`, gateway: cutOff, kind: 'smoke' as const },
    { id: `${outage}-smoke-over`, gateway: cutOff, kind: 'smoke' as const },
    { id: `${outage}-heat`, gateway: cutOff, kind: 'temperature' as const },
    { id: `${outage}-door-over`, gateway: cutOff, kind: 'door_contact' as const },
  ]),
  { id: 'button', gateway: 'plain', kind: 'door_contact', reports: ['panic'] },
  { id: 'citizens', gateway: 'plain', kind: 'door_contact', reports: ['report'] },
  { id: 'fence', gateway: 'plain', kind: 'camera' },
]);
const site = siteSchema.parse({
  ...sensors,
  zones: sensors.zones.map((zone) => ({
    ...zone,
    armed: [{ from: '00:00', to: '24:00' }],
  })),
  lines: [{ id: 'north-fence', zone: 'hall', name: { en: 'North fence', 'zh-CN': '北围栏' } }],
});

const clock = new FakeClock();
let processes: SiteProcesses;
let proxy: MqttProxy;
let proxyPort = 0;
let api: ApiClient;
let stream: AlertStream;
let remote: GatewayRemote;
let plain: EventSender;
let browser: Browser;

async function logIn(): Promise<void> {
  stream?.close();
  api = await ApiClient.logIn({ ...processes, ready: true, mqtt: '', flows: '' });
  stream = await AlertStream.open(api);
}

beforeAll(async () => {
  [processes, browser] = await Promise.all([
    startSiteProcesses({ site, clock, console: true }),
    openBrowser(),
  ]);
  proxy = new MqttProxy(processes.mqttPort);
  proxyPort = await proxy.start();
  await logIn();
  remote = await GatewayRemote.connect(processes.mqttPort, site.id);
  plain = await EventSender.connect(processes.mqttPort, site.id, 'plain');
  const sensor = { zone: 'hall', connect: { driver: 'simulator' } } as const;
  const devices = ['short', 'long'].flatMap((outage) => [
    { ...sensor, kind: 'smoke' as const, id: `${outage}-smoke`, profile: 'generic-smoke' },
    { ...sensor, kind: 'smoke' as const, id: `${outage}-smoke-over`, profile: 'generic-smoke' },
    { ...sensor, kind: 'temperature' as const, id: `${outage}-heat`, profile: 'generic-temperature' },
    {
      ...{ ...sensor, kind: 'door_contact' as const, id: `${outage}-door-over` },
      ...{ profile: 'generic-door-contact', openLongerThanMs: 0 },
    },
  ]);
  await processes.startGateway(
    { gateway: cutOff, logLevel: 'warn', devices, policy: { require: false } },
    { clock, linkPort: proxyPort },
  );
  await remote.knowsTime(cutOff);
});
afterAll(async () => {
  await browser?.close();
  stream?.close();
  await Promise.all([remote?.close(), plain?.stop()]);
  await proxy?.stop();
  await processes?.stop();
  clock.remove();
});

const isOf = (device: string, type: string) => (alert: Alert) =>
  alert.device === device && alert.eventType === `watchpost.${type}.v1`;
const told = (device: string, type: string) =>
  stream.next(`${type} of ${device}`, isOf(device, type), toldWithinMs);
const lateMinutes = ({ lateMs = 0 }: Alert) => Math.round(lateMs / minuteMs);
const lateEvents = async () => {
  const { gateways } = gatewayListSchema.parse(await (await api.get('/gateways')).json());
  return gateways.find(({ gateway }) => gateway === cutOff)?.lateEvents ?? 0;
};

/** All four devices alarm while nobody hears them; two of them are over before the end. */
async function outage(name: string, clockMs: number): Promise<void> {
  proxy.blackhole(linkOfGateway, 'from client');
  for (const [device, action, value] of [
    ['smoke', 'alarm'],
    ['smoke-over', 'alarm'],
    ['heat', 'set', 80],
    ['door-over', 'open'],
    ['smoke-over', 'clear'],
    ['door-over', 'close'],
  ] as const)
    await remote.trigger(cutOff, `${name}-${device}`, action, value);
  // The commands still reach the gateway.
  await sleep(3_000);
  proxy.refuse(
    linkOfGateway,
    Array.from({ length: 1000 }, () => 3),
  );
  proxy.cut(linkOfGateway);
  await processes.killAlerting();
  await clock.set(clockMs);
  await processes.restartAlerting();
  await logIn();
  proxy.admit(linkOfGateway);
}

test('after an outage of a quarter of an hour: danger to life alerts and says how late, so does what is still so; what is over does not', async () => {
  await outage('short', 15 * minuteMs);
  const smoke = await told('short-smoke', 'sensor.alarm');
  expect([smoke.condition, lateMinutes(smoke)]).toEqual(['active', 15]);
  // Smoke that has gone is told all the same: somebody must look.
  const over = await told('short-smoke-over', 'sensor.alarm');
  expect(lateMinutes(over)).toBe(15);
  await stream.next(
    'its end',
    (alert) => alert.id === over.id && alert.condition === 'cleared',
    toldWithinMs,
  );
  const heat = await told('short-heat', 'sensor.alarm');
  expect([heat.condition, lateMinutes(heat)]).toEqual(['active', 15]);
  await waitFor('the door is counted as late', async () => (await lateEvents()) > 0, toldWithinMs);
  expect(stream.alerts.some(isOf('short-door-over', 'sensor.alarm'))).toBe(false);
  expect((await api.rejects()).counts).toEqual({});
});

test('after an outage of three hours: what is still so alerts however late; what is over is history, danger to life too', async () => {
  const before = await lateEvents();
  await outage('long', 195 * minuteMs);
  for (const device of ['long-smoke', 'long-heat']) {
    const alert = await told(device, 'sensor.alarm');
    expect([device, alert.condition, lateMinutes(alert)]).toEqual([device, 'active', 180]);
  }
  await waitFor('what is over is counted', async () => (await lateEvents()) >= before + 2, toldWithinMs);
  for (const device of ['long-smoke-over', 'long-door-over'])
    expect(stream.alerts.some(isOf(device, 'sensor.alarm'))).toBe(false);
  expect((await api.rejects()).counts).toEqual({});
});

test('on the page: how late a panic button was heard, the words of a citizen, the line that was crossed', async () => {
  // By the clock of alerting, which went on meanwhile.
  const serverIsAheadMs = 195 * minuteMs;
  const { context, page } = await openConsole(browser, {
    ...processes,
    ...{ ready: true, mqtt: '', flows: '' },
  });
  const words = 'Two men carry a ladder to the back door.';
  await plain.send(
    'watchpost.panic.pressed.v1',
    'button',
    { silent: false },
    40 * minuteMs - serverIsAheadMs,
  );
  await plain.send(
    'watchpost.report.received.v1',
    'citizens',
    { category: 'violence', text: words },
    -serverIsAheadMs,
  );
  await plain.send(
    'watchpost.line.crossed.v1',
    'fence',
    { line: 'north-fence', direction: 'in' },
    -serverIsAheadMs,
  );
  const row = (device: string) => page.locator(`[data-testid="alert-row"][data-device="${device}"]`);
  await row('button').getByTestId('alert-late').waitFor();
  expect(await row('button').getByTestId('alert-late').innerText()).toMatch(/\b40\b/);
  expect(await row('fence').innerText()).toContain('Line crossed');
  await row('fence').click();
  await waitFor('the line', async () =>
    (await page.getByTestId('alert-line').allInnerTexts()).some((text) => text.includes('North fence')),
  );
  await row('citizens').click();
  await page.getByTestId('report-words').waitFor();
  expect(await page.getByTestId('report-words').innerText()).toContain(words);
  await context.close();
});
