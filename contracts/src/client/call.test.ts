import { expect, test } from 'vitest';
import { addressOf, call, type Send } from './call.ts';

const asked: unknown[][] = [];
const send: Send = async (...question) => {
  asked.push(question);
  return undefined as never;
};

test('a route is asked by its method, with what stands in its path encoded, its query and its body', async () => {
  asked.length = 0;
  await call(send, 'GET /incidents', { query: { site: 'a b', limit: 5, cursor: null } });
  await call(send, 'GET /silences/{id}', { params: { id: '../session' } });
  await call(send, 'POST /session', { body: { user: 'ana', password: 'x' } });
  await call(send, 'DELETE /session');
  expect(asked).toEqual([
    ['GET', '/incidents?site=a+b&limit=5', undefined],
    ['GET', '/silences/..%2Fsession', undefined],
    ['POST', '/session', { user: 'ana', password: 'x' }],
    ['DELETE', '/session', undefined],
  ]);
});

test('several of one kind are joined, and what is not said is left out', () => {
  expect(addressOf('/alerts', {}, { state: ['open', 'resolved'], zone: undefined })).toBe(
    '/alerts?state=open%2Cresolved',
  );
});

test('what a route does not take is refused by the compiler', () => {
  const never = async () => {
    // @ts-expect-error no such route
    await call(send, 'GET /persons');
    // @ts-expect-error its path wants an id
    await call(send, 'GET /silences/{id}');
    // @ts-expect-error a step wants a version
    await call(send, 'POST /incidents/{id}/steps', { params: { id: 'x' }, body: { to: 'resolved' } });
    // @ts-expect-error such a filter is not known
    await call(send, 'GET /incidents', { query: { person: 'x' } });
  };
  expect(never).toBeTypeOf('function');
});
