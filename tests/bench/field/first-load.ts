import { openBrowser } from '../../support/browser.ts';
import { logInto } from '../../support/console-page.ts';
import { startServer } from '../../support/start-server.ts';
import { siteWithSensors, storedAlert } from '../../support/test-alerts.ts';
import type { FieldBench } from './field-bench.ts';

const kilobyte = 1000;
const openAlerts = 150;

/**
 * Bytes that travel before an officer can work: nothing in the cache, from the address to the queue, in
 * Chinese.
 */
export const firstLoad: FieldBench = {
  name: 'first-load',
  figures: ['first_load_kb'],
  run: async () => {
    const alerts = Array.from({ length: openAlerts }, (_, index) =>
      storedAlert({ device: `sensor-${index + 1}`, severity: 'high', score: 60, openedMinutesAgo: index }),
    );
    const server = await startServer({ site: siteWithSensors(openAlerts), alerts });
    const browser = await openBrowser();
    try {
      // So that there is a map to load.
      const gateway = await server.gateway();
      for (let sensor = 1; sensor <= 20; sensor += 1) {
        await gateway.say('watchpost.sensor.alarm.v1', `sensor-${sensor * 7}`, { kind: 'smoke' });
      }
      await gateway.close();
      const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
      const network = await page.context().newCDPSession(page);
      await network.send('Network.enable');
      const bytesOf = new Map<string, number>();
      // What is still open, as the stream is, counts as far as it came; what is finished counts with its
      // headers.
      network.on('Network.dataReceived', ({ requestId, encodedDataLength, dataLength }) => {
        bytesOf.set(requestId, (bytesOf.get(requestId) ?? 0) + (encodedDataLength || dataLength));
      });
      network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        bytesOf.set(requestId, encodedDataLength);
      });
      await page.goto(server.ready.console);
      await logInto(page, server.ready);
      await page.getByTestId('alert-row').first().waitFor();
      await page.getByTestId('heat-cell').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(1_000);
      const bytes = [...bytesOf.values()].reduce((sum, part) => sum + part, 0);
      return [{ figure: 'first_load_kb', value: bytes / kilobyte, unit: 'kB', n: bytesOf.size }];
    } finally {
      await browser.close();
      await server.stop();
    }
  },
};
