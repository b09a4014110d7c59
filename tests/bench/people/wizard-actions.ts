import { openBrowser } from '../../support/browser.ts';
import { OwnServer } from '../../support/own-server.ts';
import { cameraToSetUp, Hands, setUpSite } from '../../support/set-up-site.ts';
import type { FieldBench } from '../field/field-bench.ts';

/**
 * `wizard_actions`: fields filled, presses and drags from the one-time link to the first event of the first
 * camera, with a mask and a line drawn on its picture.
 */
export const wizardActions: FieldBench = {
  name: 'wizard',
  figures: ['wizard_actions'],
  async run(say) {
    const server = new OwnServer('house');
    const [camera, browser] = await Promise.all([cameraToSetUp(), openBrowser()]);
    try {
      server.init();
      const { welcome } = await server.up();
      const page = await (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US' })).newPage();
      const value = await setUpSite(new Hands(page), welcome, camera.url('door'), {
        ...{ site: 'East warehouse', camera: 'East door' },
        atStep: async (step) => say(`at step ${step}`),
      });
      return [{ figure: 'wizard_actions', value, unit: 'actions', n: 1 }];
    } finally {
      await browser.close();
      await server.remove();
      await camera.stop();
    }
  },
};
