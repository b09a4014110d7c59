import { afterEach, expect, it, vi } from 'vitest';
import { httpAsk } from './ask.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What reached the server. */
async function sentBy(method: 'GET' | 'POST' | 'PUT' | 'DELETE', body?: unknown) {
  const fetched = vi.fn(async () => new Response('{}'));
  vi.stubGlobal('fetch', fetched);
  await httpAsk()(method, '/passes/1/show', body);
  const [, { headers, body: sent } = {}] = fetched.mock.calls[0] as unknown as [string, RequestInit];
  return { headers, sent };
}
const json = { 'content-type': 'application/json' };

it('what is posted is JSON, with nothing in it where nothing is said: else the server refuses it', async () => {
  expect(await sentBy('POST')).toEqual({ headers: json, sent: '{}' });
  expect(await sentBy('PUT')).toEqual({ headers: json, sent: '{}' });
  expect(await sentBy('POST', { reason: 'lost' })).toEqual({ headers: json, sent: '{"reason":"lost"}' });
});

it('what is asked for or taken away has no body', async () => {
  expect(await sentBy('GET')).toEqual({ headers: undefined, sent: undefined });
  expect(await sentBy('DELETE')).toEqual({ headers: undefined, sent: undefined });
});
