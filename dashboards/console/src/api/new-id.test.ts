import { expect, it } from 'vitest';
import { newId } from './new-id.ts';

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('makes a UUID of version 4 with and without a secure context', () => {
  const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) };
  expect(newId()).toMatch(uuid4);
  const ids = Array.from({ length: 200 }, () => newId(insecure));
  for (const id of ids) expect(id).toMatch(uuid4);
  expect(new Set(ids).size).toBe(200);
});
