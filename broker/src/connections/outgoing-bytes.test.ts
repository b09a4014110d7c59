import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SharedMemory } from '../domain/shared-memory.ts';
import { OutgoingBytes } from './outgoing-bytes.ts';
import { outgoingPolicy } from './policy.ts';

function outgoing() {
  const pieces: string[] = [];
  const transport = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk.toString());
      done();
    },
  });
  const limits = { outboundBytes: 1024 ** 2, outboundStallMs: 60_000 };
  const bytes = new OutgoingBytes(transport, limits, new SharedMemory(Infinity), () => undefined);
  return { pieces, add: (text: string) => bytes.add(Buffer.from(text)) };
}

test('whoever gets little gets it before the end of the turn, in one piece', async () => {
  const { pieces, add } = outgoing();
  add('a');
  add('b');
  await Promise.resolve();
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(pieces).toEqual(['ab']);
});

test('whoever gets much gets it in one piece per turn', async () => {
  const { pieces, add } = outgoing();
  for (let piece = 0; piece <= outgoingPolicy.promptPieces; piece++) add('.');
  await turn();
  pieces.length = 0;
  for (let tick = 0; tick < 20; tick++) {
    const until = performance.now() + 2; // a busy broker: a long turn
    while (performance.now() < until);
    add('x');
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
  await turn();
  expect(pieces.join('')).toBe('x'.repeat(20));
  expect(pieces.length).toBeLessThan(10);
});

test('when too much waits for all together, it is the client with most of it that is given up', async () => {
  const shared = new SharedMemory(1_000_000);
  const limits = { outboundBytes: 1024 ** 2, outboundStallMs: 60_000 };
  const given: string[] = [];
  const deaf = (name: string): OutgoingBytes => {
    const transport = new Duplex({ read() {}, write() {} });
    const bytes = new OutgoingBytes(transport, limits, shared, () => {
      given.push(name);
      bytes.stop();
    });
    bytes.owner = name;
    return bytes;
  };
  const [much, some, more] = [deaf('much'), deaf('some'), deaf('more')];
  for (let turns = 0; turns < 10; turns++) {
    much.add(Buffer.alloc(60_000));
    some.add(Buffer.alloc(30_000));
    await turn();
  }
  expect(given).toEqual([]);
  more.add(Buffer.alloc(150_000));
  await turn();
  expect(given).toEqual(['much']);
  expect(shared.used).toBe(450_000);
  for (const each of [some, more]) each.stop();
  expect(shared.used).toBe(0);
});
