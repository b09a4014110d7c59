import { setTimeout as sleep } from 'node:timers/promises';
import { badLine } from '../../support/bad-line.ts';
import { openBrowser } from '../../support/browser.ts';
import { openConsole } from '../../support/console-page.ts';
import { startServer } from '../../support/start-server.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { FieldBench } from './field-bench.ts';

const rounds = 3;

/**
 * From the last byte of a line that died without a sign to the notice on the screen; the slowest of some
 * rounds.
 */
export const blackhole: FieldBench = {
  name: 'blackhole',
  figures: ['blackhole_seen_s'],
  run: async () => {
    const server = await startServer();
    const browser = await openBrowser();
    const line = await badLine(server.ready.console);
    try {
      const { page } = await openConsole(browser, server.ready, { url: line.url });
      const banner = page.getByTestId('connection-banner');
      let slowest = 0;
      for (let round = 0; round < rounds; round += 1) {
        const live = page.locator('[data-testid="connection"][data-connection="live"]');
        await live.waitFor({ timeout: 60_000 });
        await banner.waitFor({ state: 'detached' });
        // Somewhere between two heartbeats.
        await sleep(500 + round * 900);
        line.blackhole();
        await waitFor('the notice', () => banner.count());
        slowest = Math.max(slowest, (Date.now() - line.lastByteAt()) / 1000);
        line.restore();
      }
      return [{ figure: 'blackhole_seen_s', value: slowest, unit: 's', n: rounds }];
    } finally {
      await browser.close();
      line.close();
      await server.stop();
    }
  },
};
