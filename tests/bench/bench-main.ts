import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from '../support/browser.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, processesOf, startWatchpost } from '../support/watchpost-process.ts';
import { watchConsole } from './console-watch.ts';
import { type Figure, percentile } from './figure.ts';

/** How long latencies and memory are watched after the first alert, seconds. */
const watchS = Number(process.env.WATCHPOST_BENCH_SECONDS ?? 180);
const megabyte = 1_000_000;

/**
 * The whole demo, as the officer meets it: a cold start on an empty data folder to the first alert in
 * Chromium, then from the capture time that an event carries (that of the frame which decided) to its row in
 * the document. Memory is the sum of the resident sizes of all processes of the site, `npm` included; shared
 * pages count in each. The browser runs on the same cores.
 */
export async function benchMain(say: (line: string) => void): Promise<readonly Figure[]> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'watchpost-bench-'));
  const browser = await openBrowser();
  try {
    // A start before the measured one, so that packages and console are there: "cold, after installation".
    say('warming up: console build');
    const warm = mkdtempSync(join(tmpdir(), 'watchpost-warm-'));
    await (await startWatchpost({ WATCHPOST_DATA: warm })).interrupt();
    rmSync(warm, { recursive: true, force: true });

    say('cold start');
    const page = await browser.newPage();
    const shown = await watchConsole(page);
    const started = Date.now();
    const site = await startWatchpost({ WATCHPOST_DATA: dataFolder });
    await page.goto(site.ready.console);
    await page.getByTestId('login-user').fill(site.ready.user);
    await page.getByTestId('login-password').fill(site.ready.password);
    await page.getByTestId('login-submit').click();
    const [first] = await waitFor('the first alert', async () =>
      (await shown()).length > 0 ? shown() : null,
    );
    const firstAlertS = ((first?.shownAt ?? Number.NaN) - started) / 1000;

    say(`watching for ${watchS} s`);
    const memory: { demo: number; edge: number }[] = [];
    const watchFrom = Date.now();
    while (Date.now() < watchFrom + watchS * 1000) {
      await sleep(2000);
      memory.push(residentMemory(dataFolder));
    }
    const latencies = (await shown())
      .filter(({ device, capturedAt }) => device === 'gate-camera' && capturedAt > watchFrom)
      .map(({ shownAt, capturedAt }) => shownAt - capturedAt);
    await site.interrupt();
    const largest = (part: 'demo' | 'edge') => Math.max(...memory.map((sample) => sample[part])) / megabyte;
    return [
      { figure: 'first_alert_s', value: round(firstAlertS), unit: 's', n: 1 },
      { figure: 'demo_rss_mb', value: round(largest('demo')), unit: 'MB', n: memory.length },
      { figure: 'edge_rss_mb', value: round(largest('edge')), unit: 'MB', n: memory.length },
      {
        figure: 'capture_to_console_p50_ms',
        value: percentile(latencies, 0.5),
        unit: 'ms',
        n: latencies.length,
      },
      {
        figure: 'capture_to_console_p99_ms',
        value: percentile(latencies, 0.99),
        unit: 'ms',
        n: latencies.length,
      },
    ];
  } finally {
    await browser.close();
    killProcessesOf(dataFolder);
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

/** Bytes now: everything, and the edge agent with its decoder. */
function residentMemory(dataFolder: string): { demo: number; edge: number } {
  const processes = processesOf(dataFolder);
  const sum = (of: typeof processes): number =>
    of.reduce((total, { residentBytes }) => total + residentBytes, 0);
  return {
    demo: sum(processes),
    edge: sum(processes.filter(({ command }) => /edge-agent\/src\//.test(command))),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
