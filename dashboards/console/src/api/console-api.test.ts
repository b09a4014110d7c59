import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiProblem, httpConsoleApi } from './console-api.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(answer: (method: string, url: string) => { status: number; body?: string }) {
  server = createServer((request, response) => {
    const { status, body } = answer(request.method ?? '', request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return httpConsoleApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`);
}

describe('console API over HTTP', () => {
  it('reads the list page by page to its end', async () => {
    const api = await serve((_, url) => {
      const next = url.includes('cursor=two') ? null : 'two';
      return { status: 200, body: JSON.stringify({ alerts: [{ id: url }], next }) };
    });
    const { alerts, complete } = await api.alerts();
    expect(complete).toBe(true);
    expect(alerts.map((alert) => alert.id)).toEqual([
      '/api/v1/alerts?limit=500',
      '/api/v1/alerts?limit=500&cursor=two',
    ]);
  });

  it('stops at a list without end and says that it is not complete', async () => {
    const api = await serve(() => ({ status: 200, body: '{"alerts":[],"next":"more"}' }));
    expect((await api.alerts()).complete).toBe(false);
  });

  it('hands on code and request id of a problem', async () => {
    const api = await serve(() => ({ status: 401, body: '{"code":"api.bad_credentials","requestId":"r1"}' }));
    const problem = await api.logIn('officer', 'wrong').catch((failure: unknown) => failure);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ code: 'api.bad_credentials', status: 401, requestId: 'r1' });
  });

  it('tells a server that is not there from one that talks nonsense', async () => {
    const api = await serve(() => ({ status: 200, body: '<html>' }));
    await expect(api.site()).rejects.toMatchObject({ code: 'console.answer' });
    server?.close();
    server?.closeAllConnections();
    await expect(api.site()).rejects.toMatchObject({ code: 'console.network' });
  });

  it('expects no body of an empty answer', async () => {
    const api = await serve((method) => ({ status: method === 'DELETE' ? 204 : 500 }));
    await expect(api.logOut()).resolves.toBeUndefined();
  });
});
