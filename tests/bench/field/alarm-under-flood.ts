import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { ApiClient } from '../../support/api-client.ts';
import { openBrowser } from '../../support/browser.ts';
import { EventSender } from '../../support/event-sender.ts';
import { floodedSite, floodTelemetry } from '../../support/flooded-site.ts';
import { type SiteProcesses, startSiteProcesses } from '../../support/site-processes.ts';
import { waitFor } from '../../support/wait-for.ts';
import { watchConsole } from '../console-watch.ts';
import { percentile } from '../figure.ts';
import type { FieldBench } from './field-bench.ts';

const devices = 20;
const alarms = 200;
const telemetryPerSecond = 1300;
const floodMs = 60_000;
/** Between two alarms of a round. */
const betweenMs = 100;

/**
 * From the capture time of an alarm to its row in the console’s document, in Chromium, while another client
 * floods the broker with telemetry. Each of 20 detectors raises ten alarms; a person resolves them in
 * between, so that each alarm opens an alert of its own.
 */
export const alarmUnderFlood: FieldBench = {
  name: 'alarm-under-flood',
  figures: ['alarm_under_flood_p99_ms'],
  run: async (say) => {
    const site = await startSiteProcesses({ site: floodedSite(devices), console: true });
    const browser = await openBrowser();
    try {
      // So tall that every row is near the screen: others are not in the document.
      const page = await browser.newPage({ viewport: { width: 1440, height: 4000 } });
      const shown = await watchConsole(page);
      await logIn(page, site);
      const api = await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' });
      const sender = await EventSender.connect(site.mqttPort, 'flooded', 'calm');
      const startMs = performance.now();
      const stopFlood = await floodTelemetry(site.mqttPort, telemetryPerSecond);
      for (let sent = 0; sent < alarms; sent += devices) {
        for (let index = 0; index < devices; index++) {
          await sender.smoke(`smoke-${index}`);
          await sleep(betweenMs);
        }
        await waitFor('the alarms on the screen', async () => (await seen(shown)) >= sent + devices, 120_000);
        await resolveAll(api);
      }
      await sleep(Math.max(0, floodMs - (performance.now() - startMs)));
      const flooded = stopFlood();
      await sender.stop();
      const latencies = (await firsts(shown))
        .toSorted((one, other) => one.capturedAt - other.capturedAt)
        .map(({ shownAt, capturedAt }) => shownAt - capturedAt);
      const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
      say(`${latencies.length} alarms beside ${flooded} messages of telemetry: p50 ${p50} ms, p99 ${p99} ms`);
      const slowest = latencies.map((ms, at) => ({ ms, at })).sort((one, other) => other.ms - one.ms);
      say(
        `slowest: ${slowest
          .slice(0, 5)
          .map(({ ms, at }) => `${ms} ms (number ${at})`)
          .join(', ')}`,
      );
      return [{ figure: 'alarm_under_flood_p99_ms', value: p99, unit: 'ms', n: latencies.length }];
    } finally {
      await browser.close();
      await site.stop();
    }
  },
};

async function logIn(page: Page, { console, user, password }: SiteProcesses): Promise<void> {
  await page.goto(console);
  await page.getByTestId('login-user').fill(user);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('alert-list').waitFor({ state: 'attached' });
}

type Shown = Awaited<ReturnType<typeof watchConsole>>;

/** The flood is an alert too, of the gateway. */
const isAlarm = ({ device }: { readonly device: string }): boolean => device.startsWith('smoke-');

/** The first time that each alarm was shown: later changes of its row carry the same capture time. */
async function firsts(shown: Shown): Promise<Awaited<ReturnType<Shown>>> {
  const found = new Map(
    (await shown())
      .filter(isAlarm)
      .toReversed()
      .map((row) => [`${row.device} ${row.capturedAt}`, row]),
  );
  return [...found.values()];
}
const seen = async (shown: Shown): Promise<number> => (await firsts(shown)).length;

/**
 * A server may close a connection at the moment at which it is used again; every call here may be repeated.
 */
async function again<T>(call: () => Promise<T>): Promise<T> {
  return await call().catch(call);
}

/** What an officer does with the alarms that are open. */
async function resolveAll(api: ApiClient): Promise<void> {
  const { alerts } = await again(() => api.alerts('?state=open,acknowledged&limit=100'));
  for (const alert of alerts.filter(isAlarm)) {
    let { version } = alert;
    for (const step of [{ to: 'acknowledged' }, { to: 'resolved', disposition: 'genuine' }]) {
      const body = { id: randomUUID(), version, ...step };
      const answer = await again(() => api.post(`/alerts/${alert.id}/transitions`, body));
      if (!answer.ok) throw new Error(`a step was refused: ${await answer.text()}`);
      version = ((await answer.json()) as { alert: { version: number } }).alert.version;
    }
  }
}
