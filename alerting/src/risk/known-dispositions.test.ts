import { expect, test } from 'vitest';
import { dispositionKey } from '../store/disposition-store.ts';
import { KnownDispositions } from './known-dispositions.ts';
import { knownPolicy } from './policy.ts';

const key = { device: 'a', kind: 'smoke' };
const counts = (genuine: number) => new Map([[dispositionKey(key), { genuine, mistaken: 0 }]]);

test('what was read is not read again, until something turned out otherwise or time is over', async () => {
  let nowMs = 0;
  let reads = 0;
  const known = new KnownDispositions(() => nowMs);
  const genuine = async () => {
    const found = await known.of(['a'], async () => counts(++reads));
    return found.get(key)?.genuine;
  };
  expect([await genuine(), await genuine()]).toEqual([1, 1]);
  known.forget();
  expect([await genuine(), await genuine()]).toEqual([2, 2]);
  nowMs += knownPolicy.dispositionsMs + 1;
  expect(await genuine()).toBe(3);
});

test('what was read while it changed is used once and not kept', async () => {
  const known = new KnownDispositions(() => 0);
  const first = await known.of(['a'], async () => {
    known.forget();
    return counts(1);
  });
  expect(first.get(key)?.genuine).toBe(1);
  expect((await known.of(['a'], async () => counts(2))).get(key)?.genuine).toBe(2);
});
