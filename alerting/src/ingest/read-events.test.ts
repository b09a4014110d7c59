import { expect, test } from 'vitest';
import { siteDirectory } from '../places/site-directory.ts';
import { defaultPolicy } from '../policy.ts';
import { rejectPolicy } from '../store/policy.ts';
import { forgedPass, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { readEvents } from './read-events.ts';
import type { Message } from './to-reject.ts';

const directory = siteDirectory(testSite);
const newId = () => '00000000-0000-4000-8000-000000000001';
const messageOf = (payload: Uint8Array): Message => ({
  topic: 'wp/1/test/edge1/up',
  parsed: { name: 'up', site: 'test', gateway: 'edge1' },
  payload,
  receivedMs: Date.now(),
});
const readText = (text: string) =>
  readEvents(messageOf(Buffer.from(text)), directory, newId, defaultPolicy.late);
const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const withRaw = (seq: number, field: string) =>
  `{${field}:${nested},${JSON.stringify(wireEvent(forgedPass({ seq }))).slice(1)}`;

test('of a rejected message only the beginning stays in memory', () => {
  const payload = new Uint8Array(60_000).fill(0x78);
  const [rejected] = readEvents(messageOf(payload), directory, newId, defaultPolicy.late).rejects;
  expect(rejected?.reject.payload.byteLength).toBe(rejectPolicy.payloadBytes);
  expect(rejected?.reject.payload.buffer).not.toBe(payload.buffer);
});

test('an extension is tolerated and not kept; one that is too large or too deep is refused', () => {
  const small = JSON.stringify({ ...wireEvent(forgedPass({ seq: 1 })), tenant: { name: 'x' } });
  const { events, rejects } = readText(small);
  expect(rejects).toEqual([]);
  expect(events[0]?.event).not.toHaveProperty('tenant');
  expect(readText(withRaw(1, '"tenant"')).rejects).toMatchObject([
    { reject: { code: 'wire.extensions_too_large', path: '/tenant' }, position: { seq: 1 } },
  ]);
});

test('an event that is too deep to be written again is rejected at its position, and the next one is read', () => {
  const deep = withRaw(1, '"x"').replace('"specversion":"1.0"', '"specversion":"2.0"');
  const { events, rejects } = readText(`[${deep},${JSON.stringify(wireEvent(forgedPass({ seq: 2 })))}]`);
  expect(rejects).toMatchObject([{ reject: { code: 'wire.schema' }, position: { seq: 1 } }]);
  expect(events.map(({ event }) => event.seq)).toEqual([2]);
});

test.each(['face', 'FACE', 'f\\u0061ce'])(
  'of a rejected event that may be about a face nothing is kept (%s)',
  (word) => {
    const [rejected] = readText(
      `{"type":"watchpost.${word}.candidate.v1","data":{"template":[0.1,0.2]}}`,
    ).rejects;
    expect(rejected?.reject.payload.byteLength).toBe(0);
    expect(rejected?.reject.bytes).toBeGreaterThan(50);
  },
);
