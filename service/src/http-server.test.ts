import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import { fastifyServerOptions, httpServerOptions, limitConnections, listenHttp } from './http-server.ts';
import type { HttpServerLimits } from './policy.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const limits: Partial<HttpServerLimits> = {
  headersMs: 200,
  requestMs: 400,
  idleMs: 600,
  keepAliveMs: 200,
  bodyBytes: 100,
  checkEveryMs: 50,
};
const open: { close(): unknown }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server.close();
});

const answers: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end('ok'));
};

async function plain(answer = answers, more: Partial<HttpServerLimits> = {}) {
  const server: Server = createServer(httpServerOptions({ ...limits, ...more }), answer);
  open.push(server);
  const dropped = limitConnections(server, { ...limits, ...more });
  return { port: await listenHttp(server, { host: '127.0.0.1', port: 0 }, '/http/port'), dropped };
}

async function fastify() {
  const app = Fastify(fastifyServerOptions(limits));
  app.post('/', async () => 'ok');
  open.push(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: (app.server.address() as { port: number }).port };
}

async function dial(port: number) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let closed = false;
  let heard = '';
  socket.on('close', () => (closed = true));
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => (heard += bytes));
  await once(socket, 'connect');
  return { socket, closed: () => closed, heard: () => heard };
}

const servers = [
  ['node:http', () => plain()],
  ['Fastify', fastify],
] as const;

test.each(servers)('%s closes half-sent headers', async (_name, serve) => {
  const { socket, closed } = await dial((await serve()).port);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  await until(() => expect(closed()).toBe(true));
});

test.each(servers)('%s closes a request that drips in', async (_name, serve) => {
  const { socket, closed } = await dial((await serve()).port);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n');
  const drip = setInterval(() => socket.write('x'), 50);
  await until(() => expect(closed()).toBe(true));
  clearInterval(drip);
});

test.each(servers)('%s closes a connection on which nothing comes', async (_name, serve) => {
  const { closed } = await dial((await serve()).port);
  await until(() => expect(closed()).toBe(true));
});

test('a body over the limit is refused', async () => {
  const { port } = await fastify();
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'x'.repeat(101),
  });
  expect(answer.status).toBe(413);
});

test('an answer may take longer than a request: a stream that speaks now and then stays', async () => {
  const { port } = await plain((_request, response) => {
    response.writeHead(200);
    const beat = setInterval(() => response.write('.'), 100);
    response.on('close', () => clearInterval(beat));
  });
  const { socket, closed, heard } = await dial(port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => expect(heard().split('.').length).toBeGreaterThan(15));
  expect(closed()).toBe(false);
});

test('more connections than the limit are closed and counted; the others are served', async () => {
  const { port, dropped } = await plain(answers, { connections: 2 });
  const first = await dial(port);
  const second = await dial(port);
  const third = await dial(port);
  await until(() => expect(third.closed()).toBe(true));
  expect(dropped.count).toBe(1);
  first.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  second.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => expect([first.heard(), second.heard()].every((text) => text.includes('200'))).toBe(true));
});

test('a taken port and an impossible address have their codes', async () => {
  const { port } = await plain();
  const server = createServer();
  await expect(listenHttp(server, { host: '127.0.0.1', port }, '/http/port')).rejects.toMatchObject({
    code: 'config.port_taken',
    path: '/http/port',
  });
  await expect(listenHttp(server, { host: '192.0.2.1', port: 0 }, '/http/host')).rejects.toMatchObject({
    code: 'config.invalid',
  });
});
