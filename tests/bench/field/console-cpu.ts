import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import { groupClearedBy } from '../../../alerting/src/alerts/alert-subject.ts';
import { openBrowser } from '../../support/browser.ts';
import { openConsole } from '../../support/console-page.ts';
import { startServer, type TestGateway } from '../../support/start-server.ts';
import { siteWithSensors, storedAlert } from '../../support/test-alerts.ts';
import type { Figure } from '../figure.ts';
import type { FieldBench } from './field-bench.ts';

const sensors = 60;
/** Half of the sensors have an alert already, which their events join; those of the others open one. */
const known = sensors / 2;
const openAlerts = [300, 10_000];
const events = 150;
const everyMs = 100;
/** How long the page is watched while nothing happens, and then while events come and are drawn. */
const idleMs = 5_000;
const drawnMs = 1_500;

function storedAlerts(open: number) {
  return Array.from({ length: open }, (_, index) => {
    const device = `sensor-${(index % known) + 1}`;
    const stored = storedAlert({ device, severity: 'high', score: 60, openedMinutesAgo: index / 60 });
    return index < known
      ? { ...stored, groupKey: groupClearedBy(device, 'watchpost.sensor.cleared.v1', 'smoke') }
      : stored;
  });
}

/**
 * Milliseconds of processor time that the main thread of a page has used: other programs on the machine do
 * not count.
 */
async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}

/** `events` smoke alarms in turn at all sensors, one every `everyMs`. */
async function send(gateway: TestGateway): Promise<void> {
  const started = performance.now();
  for (let event = 0; event < events; event += 1) {
    await gateway.say('watchpost.sensor.alarm.v1', `sensor-${(event % sensors) + 1}`, { kind: 'smoke' });
    await sleep(Math.max(0, started + (event + 1) * everyMs - performance.now()));
  }
}

const figureOf = (open: number): string => `console_cpu_ms_per_event_${open}`;

async function measure(open: number): Promise<Figure> {
  const server = await startServer({ site: siteWithSensors(sensors), alerts: storedAlerts(open) });
  const browser = await openBrowser();
  try {
    const { page, context } = await openConsole(browser, server.ready);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const gateway = await server.gateway();
    await sleep(3_000);
    const idleFrom = await busyMs(session);
    await sleep(idleMs);
    const from = await busyMs(session);
    const startedMs = performance.now();
    await send(gateway);
    await sleep(drawnMs);
    const idle = ((from - idleFrom) * (performance.now() - startedMs)) / idleMs;
    const perEvent = ((await busyMs(session)) - from - idle) / events;
    await gateway.close();
    return { figure: figureOf(open), value: perEvent, unit: 'ms', n: events };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/**
 * What an event costs the main thread of the console, by open alerts: ten events a second, half of them
 * joining alerts and half opening new ones; what the page does by itself in the same time is taken off.
 */
export const consoleCpu: FieldBench = {
  name: 'console-cpu',
  figures: openAlerts.map(figureOf),
  run: async (_say, wanted) => {
    const figures: Figure[] = [];
    for (const open of openAlerts) if (wanted.includes(figureOf(open))) figures.push(await measure(open));
    return figures;
  },
};
