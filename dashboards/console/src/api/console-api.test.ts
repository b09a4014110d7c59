import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiProblem, httpAsk } from './ask.ts';
import { httpConsoleApi } from './console-api.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(answer: (method: string, url: string) => { status: number; body?: string }) {
  server = createServer((request, response) => {
    const { status, body } = answer(request.method ?? '', request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return httpConsoleApi(httpAsk(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`));
}

describe('console API over HTTP', () => {
  it('asks the server for pages of each list in the order of the queue', async () => {
    const asked: string[] = [];
    const api = await serve((_, url) => {
      asked.push(url.replace('/api/v1/alerts?', ''));
      return { status: 200, body: '{"alerts":[],"next":null}' };
    });
    await api.alerts('waiting', 100, null, null);
    await api.alerts('in_work', 100, 'a&b', 'north');
    await api.alerts('done', 50, null, null);
    expect(asked).toEqual([
      'state=open&limit=100',
      'state=acknowledged%2Cin_progress&limit=100&site=north&cursor=a%26b',
      'state=resolved&order=newest&limit=50',
    ]);
  });

  it('hands on code and request id of a problem', async () => {
    const api = await serve(() => ({ status: 401, body: '{"code":"api.bad_credentials","requestId":"r1"}' }));
    const problem = await api.logIn('officer', 'wrong').catch((failure: unknown) => failure);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ code: 'api.bad_credentials', status: 401, requestId: 'r1' });
  });

  it('tells a server that is not there from one that talks nonsense', async () => {
    const api = await serve(() => ({ status: 200, body: '<html>' }));
    await expect(api.site(null)).rejects.toMatchObject({ code: 'console.answer' });
    server?.close();
    server?.closeAllConnections();
    await expect(api.site(null)).rejects.toMatchObject({ code: 'console.network' });
  });

  it('expects no body of an empty answer', async () => {
    const api = await serve((method) => ({ status: method === 'DELETE' ? 204 : 500 }));
    await expect(api.logOut()).resolves.toBeUndefined();
  });
});
