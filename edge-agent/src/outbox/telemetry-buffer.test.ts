import { expect, test } from 'vitest';
import { TelemetryBuffer } from './telemetry-buffer.ts';

/** The server’s time is the gateway’s. */
const clock = {
  stamp: (siteTimeMs: number) => ({ clockMs: siteTimeMs, offsetMs: 0, monotonicMs: null }),
  offsetOf: () => null,
};

const filled = (count: number, capacity?: number) => {
  const buffer = new TelemetryBuffer(clock, capacity);
  for (let value = 0; value < count; value++)
    buffer.add({ device: 'd', metric: 'm', value, timeMs: 1_000 * value });
  return buffer;
};
const valuesOf = (pack: { payload: string } | undefined) =>
  (JSON.parse(pack?.payload ?? '[]') as { v: number }[]).map(({ v }) => v);

test('gives measurements out pack by pack, the oldest first, until there are none', () => {
  const buffer = filled(600);
  const packs = [buffer.take(), buffer.take(), buffer.take()].map(valuesOf);
  expect(packs.map((values) => values.length)).toEqual([250, 250, 100]);
  expect(packs.flat()).toEqual(Array.from({ length: 600 }, (_each, index) => index));
  expect(buffer.take()).toBeUndefined();
});

test('a pack that did not arrive comes again, as the oldest; what is too much is dropped and counted', () => {
  const buffer = filled(300, 300);
  const pack = buffer.take();
  for (let value = 300; value < 400; value++)
    buffer.add({ device: 'd', metric: 'm', value, timeMs: 1_000 * value });
  if (pack) buffer.giveBack(pack);
  expect(buffer.size).toBe(300);
  expect(buffer.dropped).toBe(100);
  expect(valuesOf(buffer.take())[0]).toBe(100);
});
