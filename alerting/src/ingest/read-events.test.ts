import { expect, test } from 'vitest';
import { siteDirectory } from '../domain/site-directory.ts';
import { keptPayloadBytes } from '../store/reject-store.ts';
import { forgedPass, wireEvent } from '../testing/test-events.ts';
import { testSite } from '../testing/test-site.ts';
import { type Message, readEvents } from './read-events.ts';

const directory = siteDirectory(testSite);
const newId = () => '00000000-0000-4000-8000-000000000001';
const messageOf = (payload: Uint8Array): Message => ({
  topic: 'wp/1/test/edge1/up',
  parsed: { name: 'up', site: 'test', gateway: 'edge1' },
  payload,
  receivedMs: Date.now(),
});
const readText = (text: string) => readEvents(messageOf(Buffer.from(text)), directory, newId);
const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const withRaw = (seq: number, field: string) =>
  `{${field}:${nested},${JSON.stringify(wireEvent(forgedPass({ seq }))).slice(1)}`;

test('of a rejected message only the beginning stays in memory', () => {
  const payload = new Uint8Array(60_000).fill(0x78);
  const [rejected] = readEvents(messageOf(payload), directory, newId).rejects;
  expect(rejected?.reject.payload.byteLength).toBe(keptPayloadBytes);
  expect(rejected?.reject.payload.buffer).not.toBe(payload.buffer);
});

test('an extension is tolerated and not kept, however deep', () => {
  const { events, rejects } = readText(withRaw(1, '"tenant"'));
  expect(rejects).toEqual([]);
  expect(events[0]?.event).not.toHaveProperty('tenant');
});

test('an event that is too deep to be written again is rejected at its position, and the next one is read', () => {
  const deep = withRaw(1, '"x"').replace('"specversion":"1.0"', '"specversion":"2.0"');
  const { events, rejects } = readText(`[${deep},${JSON.stringify(wireEvent(forgedPass({ seq: 2 })))}]`);
  expect(rejects).toMatchObject([{ reject: { code: 'wire.schema' }, position: { seq: 1 } }]);
  expect(events.map(({ event }) => event.seq)).toEqual([2]);
});
