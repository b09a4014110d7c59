import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startAlerting } from '../../alerting/src/index.ts';
import { embeddedStore } from '../../alerting/src/testing/empty-cluster.ts';
import { demoSite } from '../support/demo-site.ts';
import { clientTypesOf, routesOf } from '../support/http-routes.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchpost-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the client knows each route that alerting serves, and what it takes and answers', async () => {
  const routes = await routesOf(async () => {
    const service = await startAlerting({
      sites: [{ site: demoSite }],
      store: await embeddedStore(join(folder, 'store')),
      // Nobody listens there: the service comes up without a broker.
      broker: { url: 'mqtt://127.0.0.1:9' },
      http: { host: '127.0.0.1', port: 0 },
      flows: { port: 0, upstream: { url: 'http://127.0.0.1:9', secret: 'unused' } },
      accounts: [],
    });
    await service.stop();
  });
  expect(routes.length).toBeGreaterThan(100);
  await expect(clientTypesOf(routes)).toMatchFileSnapshot('../../contracts/src/client/routes.ts');
});

it('the console asks the API by nothing else, but where it sends a photo', () => {
  const root = new URL('../../dashboards/console/src/', import.meta.url).pathname;
  const files = globSync(['pages/**/*.{ts,tsx}', 'ui/**/*.{ts,tsx}', 'api/console-api.ts'], { cwd: root });
  const asking = files.filter(
    (file) => !file.includes('.test.') && /\bask(<[^(]*>)?\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(asking).toEqual(['pages/lists/entry-photos.tsx']);
});
