import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { LiveFeed } from '../../live/live-feed.ts';
import { testSite } from '../../testing/test-site.ts';
import type { Api } from '../api.ts';
import { streamRoute } from './stream-route.ts';

test('a reader that goes away while its session is looked up leaves nothing behind', async () => {
  const app: Api = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.decorateRequest('watchEnd', null);
  app.decorateRequest('sites', null);
  const looked = Promise.withResolvers<void>();
  const handled = Promise.withResolvers<void>();
  app.addHook('onRequest', async (request) => {
    request.watchEnd = () => () => undefined;
    request.sites = [testSite.id];
    looked.resolve();
    await once(request.raw.socket, 'close');
    // The answer's own `close` comes after the socket's.
    await new Promise((resolve) => setImmediate(resolve));
    handled.resolve();
  });
  const feed = new LiveFeed();
  streamRoute(app, {
    feed,
    gateways: () => [],
    gatewayIn: (status) => status,
    counts: async () => Promise.reject(new Error('not asked')),
    nowMs: () => 0,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET /api/v1/stream HTTP/1.1\r\nhost: x\r\n\r\n');
  await looked.promise;
  socket.destroy();
  await handled.promise;
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(feed.readers).toBe(0);
  await app.close();
});
