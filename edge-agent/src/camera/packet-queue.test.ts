import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketQueue } from './packet-queue.ts';

const limits = { skipAfterMs: 400, mostWaitMs: 2000, keyWithinMs: 5000, maxBytes: 1000 };

function packet(index: number, key: boolean, arrivedMs = index * 40, bytes = 1) {
  const made = { index, key, arrivedMs, bytes, dropped: 0, drop: () => void made.dropped++ };
  return made;
}

/**
 * A decoder that takes `decodeMs` for each picture of a camera with 25 a second and a key picture every
 * `gop`.
 */
function decode(decodeMs: number, gop: number, seconds: number) {
  const queue = new PacketQueue<ReturnType<typeof packet>>({ ...limits, maxBytes: 1e9 });
  const seen: { index: number; lagMs: number; afterGap: boolean }[] = [];
  let next = 0;
  for (let now = 0; now < seconds * 1000; ) {
    for (; next * 40 <= now; next++) queue.push(packet(next, next % gop === 0));
    const taken = queue.take(now);
    now += taken ? decodeMs : 40 - (now % 40);
    if (taken)
      seen.push({
        index: taken.packet.index,
        lagMs: now - taken.packet.arrivedMs,
        afterGap: taken.afterGap,
      });
  }
  return { seen, dropped: queue.dropped };
}

test('a decoder that is fast enough decodes every picture', () => {
  const { seen, dropped } = decode(30, 50, 20);
  expect(dropped).toBe(0);
  expect(seen.map(({ index }) => index)).toEqual(seen.map((_, i) => i));
});

test.each([80, 150, 250, 400])(
  'one that needs %i ms a picture is never far behind and still sees',
  (decodeMs) => {
    const { seen, dropped } = decode(decodeMs, 50, 60);
    expect(dropped).toBeGreaterThan(100);
    expect(Math.max(...seen.map(({ lagMs }) => lagMs))).toBeLessThanOrEqual(2000 + decodeMs);
    expect(seen.length).toBeGreaterThan(60);
  },
);

test('after what was left out comes a key picture, and the decoder is told', () => {
  const { seen } = decode(150, 50, 60);
  seen.forEach(({ index, afterGap }, i) => {
    const isNext = index === (seen[i - 1]?.index ?? -1) + 1;
    expect(afterGap).toBe(!isNext);
    if (afterGap) expect(index % 50).toBe(0);
  });
});

test('rare key pictures: late ones are left out, and where none comes at all anything is taken after a while', () => {
  const { seen } = decode(150, 1_000_000, 60);
  expect(Math.max(...seen.map(({ lagMs }) => lagMs))).toBeLessThanOrEqual(2150);
  expect(seen.filter(({ index }) => index > 1000).length).toBeGreaterThan(10);
});

test('memory is bounded, and what is left out is given back once', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ key: fc.boolean(), bytes: fc.integer({ min: 1, max: 400 }), take: fc.boolean() }),
        { maxLength: 200 },
      ),
      (steps) => {
        const queue = new PacketQueue<ReturnType<typeof packet>>(limits);
        const all: ReturnType<typeof packet>[] = [];
        const taken: unknown[] = [];
        steps.forEach(({ key, bytes, take }, i) => {
          const made = packet(i, key, i * 40, bytes);
          all.push(made);
          queue.push(made);
          const waiting = all.filter((each) => each.dropped === 0 && !taken.includes(each));
          expect(waiting.reduce((sum, each) => sum + each.bytes, 0)).toBeLessThanOrEqual(
            limits.maxBytes + bytes,
          );
          const got = take ? queue.take(i * 40) : undefined;
          if (got) taken.push(got.packet);
        });
        queue.clear();
        for (const each of all) expect(each.dropped + (taken.includes(each) ? 1 : 0)).toBe(1);
      },
    ),
  );
});
