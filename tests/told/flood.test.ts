import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../support/api-client.ts';
import { openBrowser } from '../support/browser.ts';
import { EventSender } from '../support/event-sender.ts';
import { floodedSite, floodTelemetry } from '../support/flooded-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../support/site-processes.ts';
import { waitFor } from '../support/wait-for.ts';

let site: SiteProcesses;
let api: ApiClient;
let browser: Browser;
beforeAll(async () => {
  // a detector at the gateway that floods too
  const flooded = floodedSite(3);
  const [first] = flooded.devices;
  const devices = [
    ...flooded.devices,
    { ...first, id: 'loud-smoke', gateway: 'loud' } as (typeof flooded.devices)[number],
  ];
  [site, browser] = await Promise.all([
    startSiteProcesses({ site: { ...flooded, devices }, console: true }),
    openBrowser(),
  ]);
  api = await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' });
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const alertOf = async (device: string) =>
  (await api.alerts()).alerts.find((alert) => alert.device === device);

test('an alarm beside a flood of telemetry is told in time: another gateway’s, and the flooding one’s own', async () => {
  const page = await browser.newPage();
  await page.goto(site.console);
  await page.getByTestId('login-user').fill(site.user);
  await page.getByTestId('login-password').fill(site.password);
  await page.getByTestId('login-submit').click();
  const [calm, loud] = [
    await EventSender.connect(site.mqttPort, 'flooded', 'calm'),
    await EventSender.connect(site.mqttPort, 'flooded', 'loud'),
  ];
  const stopFlood = await floodTelemetry(site.mqttPort, 3000);
  await waitFor('the limit', async () =>
    /watchpost_broker_dropped_total\{limit="telemetry_rate"\} [1-9]/.test(await site.brokerMetrics()),
  );
  await Promise.all([calm.smoke('smoke-0'), loud.smoke('loud-smoke')]);
  for (const device of ['smoke-0', 'loud-smoke']) {
    expect((await waitFor(`the alert of ${device}`, () => alertOf(device), 20_000)).state).toBe('open');
    await page.locator(`[data-testid="alert-row"][data-device="${device}"]`).waitFor({ timeout: 20_000 });
  }
  // and so is the flood
  const flood = await waitFor('the alert of the flood', () => alertOf('loud'), 30_000);
  expect(flood.details).toMatchObject({ error: 'broker.telemetry_flood' });
  expect(await site.brokerMetrics()).toMatch(/watchpost_broker_refused_total\{reason="slow_consumer"\} 0/);
  await Promise.all([calm.stop(), loud.stop()]);
  stopFlood();
});
