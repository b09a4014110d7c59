import { expect, test } from 'vitest';
import { fuzz } from '../src/bench/fuzz.ts';
import { pairDuring, startForStorms } from '../src/bench/storm-watch.ts';
import { storms } from '../src/bench/storms.ts';

const MiB = 1024 * 1024;
const progress = (line: string) => void process.stderr.write(`${line}\n`);

/** Five times as many in the long form, `npm run soak -- packets`. */
const packets = Number(process.env.WATCHPOST_WRONG_PACKETS ?? 100_000);

test(`${packets} packets that are wrong: the broker’s process lives, serves, and its memory stays flat`, {
  timeout: 900_000,
}, async () => {
  const result = await fuzz(packets, 10, progress);
  expect(result.packets).toBeGreaterThanOrEqual(packets);
  expect(result.crashes).toBe(0);
  expect(result.endBytes).toBeLessThan(result.warmBytes + 64 * MiB);
});

test.for(Object.keys(storms))('%s: others lose nothing, and hear everything in order', async (name) => {
  const ours = await startForStorms();
  const pair = await pairDuring(ours, name, 3);
  progress(`${name}: p99 ${pair.p99Ms.toFixed(1)} ms over ${pair.messages} messages`);
  expect(pair.messages).toBeGreaterThan(300);
  expect(pair.faults).toBe(0);
  expect(ours.alive()).toBe(true);
  await ours.stop();
});
