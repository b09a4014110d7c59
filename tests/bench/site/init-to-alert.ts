import { startDemoBroker } from '@watchpost/broker';
import { connectAsync } from 'mqtt';
import { RtspServer } from '../../../edge-agent/src/testing/rtsp/rtsp-server.ts';
import { openBrowser } from '../../support/browser.ts';
import { OwnServer } from '../../support/own-server.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { cameraFps, movingScene } from './moving-camera.ts';

const onScreenWithinMs = 120_000;

/**
 * From an empty folder to the first alert of a camera and of an MQTT sensor on the console, with the public
 * commands and a browser. The camera is a server of RTSP whose picture stands still after a few seconds.
 */
export const initToAlert: FieldBench = {
  name: 'init-to-alert',
  figures: ['init_to_alert_s', 'commands_to_alert'],
  async run(say) {
    const server = new OwnServer('house');
    const camera = new RtspServer();
    const deviceNetwork = await startDemoBroker({ port: 0 });
    const url = `mqtt://127.0.0.1:${deviceNetwork.port}`;
    const bytes = await movingScene();
    camera.streams.set('gate', { codec: 'h264', fps: cameraFps, bytes, stillAfterS: 2 });
    await camera.start();
    const browser = await openBrowser();
    const sensor = await connectAsync(url);
    try {
      const began = performance.now();
      server.init();
      server.add(
        'camera',
        'gate-camera',
        ['--url', camera.url('gate'), '--name-en', 'Gate camera'],
        ['tamper.frozenAfterMs=2000'],
      );
      server.add(
        'sensor',
        'shed-door',
        ['--kind', 'door_contact', '--name-en', 'Shed door'],
        [
          'connect.driver=mqtt-json',
          `connect.url=${url}`,
          'connect.topic=shed/door',
          'connect.value.pointer=/open',
          'openLongerThanMs=0',
        ],
      );
      const ready = await server.up();
      say(`up after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      await sensor.publishAsync('shed/door', JSON.stringify({ open: false }), { retain: true });
      const page = await (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US' })).newPage();
      await page.goto(ready.welcome);
      await page.getByTestId('welcome-user').fill('first admin');
      await page.getByTestId('welcome-password').fill('four words are enough');
      await page.getByTestId('welcome-again').fill('four words are enough');
      await page.keyboard.press('Enter');
      await page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
      await sensor.publishAsync('shed/door', JSON.stringify({ open: true }), { retain: true });
      for (const name of ['Shed door', 'Gate camera'])
        await page.getByTestId('alert-row').getByText(name).first().waitFor({ timeout: onScreenWithinMs });
      const value = (performance.now() - began) / 1000;
      return [
        { figure: 'init_to_alert_s', value, unit: 's', n: 1 },
        { figure: 'commands_to_alert', value: server.commands, unit: 'commands', n: 1 },
      ];
    } finally {
      await browser.close();
      await sensor.endAsync();
      await server.remove();
      await Promise.all([camera.stop(), deviceNetwork.stop()]);
    }
  },
};
