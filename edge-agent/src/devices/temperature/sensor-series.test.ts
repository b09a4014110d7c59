import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { DeviceId } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceHealthRecord } from '../device-health.ts';
import { AnomalyMonitor } from './anomaly-monitor.ts';
import { SensorSeries, type SeriesSettings } from './sensor-series.ts';
import { SequenceTrainer } from './sequence-trainer.ts';

const second = 1000;
const sequence: SeriesSettings = { judge: 'sequence', retrainEveryMs: 7 * 86_400_000 };
/** A wave of twelve points with a little of what looks like noise. */
const wave = (i: number) => 20 + 5 * Math.sin((2 * Math.PI * i) / 12) + ((i * 7919) % 101) / 300;

let folder = '';
const trainer = new SequenceTrainer();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensor-series-'));
});
afterAll(async () => {
  trainer.stop();
  await rm(folder, { recursive: true });
});

function sensor(settings: SeriesSettings, train = trainer.train.bind(trainer)) {
  const refused: string[] = [];
  const said: string[] = [];
  const health = new DeviceHealthRecord(
    'temp1' as DeviceId,
    () => 0,
    () => undefined,
  );
  health.set('ok');
  const series = new SensorSeries('temp1/temperature', settings, health, {
    folder: join(folder, 'series'),
    trainer: { train },
    log: { info: (_: object, what: string) => void said.push(what) } as never,
    refuse: ({ code }) => void refused.push(code),
  });
  const feed = (from: number, to: number, value = wave) =>
    Array.from({ length: to - from }, (_, i) => series.observe((from + i) * second, value(from + i)));
  return { series, health, refused, said, feed };
}
/** The file as another series would have written it. */
function asOf(series: string) {
  return (text: string) => {
    const [head, body] = text.split('\n').map((line) => JSON.parse(line));
    const other = JSON.stringify({ ...body, training: { ...body.training, series } });
    const sha256 = createHash('sha256').update(other).digest('hex');
    return `${JSON.stringify({ ...head, sha256 })}\n${other}`;
  };
}
const file = () => join(folder, 'series', 'temp1.temperature.model');

describe('a sensor', () => {
  it('trains on its own readings, keeps the model, and takes it up after a restart', async () => {
    const first = sensor(sequence);
    await first.series.start();
    first.feed(0, 300);
    await first.series.settled();
    expect(first).toMatchObject({ refused: [], said: ['new model in use'] });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'series'))).mode & 0o777).toBe(0o700);

    const second = sensor(sequence);
    await second.series.start();
    expect(second).toMatchObject({ refused: [], said: ['kept model in use'] });
    second.feed(0, 400);
    // The wave stands on its head: every value is one that was seen before, only the order is not.
    const verdicts = second.feed(400, 440, (i) => 40 - wave(i));
    const told = verdicts.findIndex(({ score, by }) => by === 'sequence' && score >= 0.5);
    expect(told).toBeGreaterThanOrEqual(0);
    expect(new AnomalyMonitor().observe(1, 20, verdicts[told]!, false)?.data).toMatchObject({
      judge: 'sequence',
    });
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -9), 'inference.sequence_model_damaged'],
    ['of another sensor', asOf('temp2/temperature'), 'inference.sequence_model_foreign'],
    [
      'of another version',
      (text: string) => text.replace('"version":1', '"version":9'),
      'inference.sequence_model_foreign',
    ],
  ])('whose model is %s says so and goes on by statistics', async (_, edit, code) => {
    const kept = await readFile(file(), 'utf8');
    await writeFile(file(), edit(kept));
    const { series, health, refused, said, feed } = sensor(sequence);
    await series.start();
    await writeFile(file(), kept);
    expect(refused).toEqual([code]);
    expect(said).toEqual([]);
    expect(health.snapshot()).toMatchObject({ status: 'degraded', error: code });
    const spike = feed(0, 250)
      .concat(feed(250, 251, () => 99))
      .at(-1);
    expect(spike).toMatchObject({ by: 'statistics', reason: 'spike' });
  });

  it('whose training fails says so; cut off by a stop it does not', async () => {
    const failing = async () => {
      throw new WatchpostError('inference.sequence_training', { path: '/temp1' });
    };
    await rm(file());
    const failed = sensor(sequence, failing);
    failed.feed(0, 300);
    await failed.series.settled();
    expect(failed.refused).toEqual(['inference.sequence_training']);
    expect(failed.health.snapshot().status).toBe('degraded');
    const stopped = sensor(sequence, failing);
    stopped.feed(0, 300);
    stopped.series.stop();
    await stopped.series.settled();
    expect(stopped.refused).toEqual([]);
  });

  it('trains nothing and opens no file by default, for statistics were measured to be better', async () => {
    await writeFile(file(), 'damaged');
    const { series, refused, said, feed } = sensor({ ...sequence, judge: 'measured' }, () => {
      throw new Error('trained');
    });
    await series.start();
    feed(0, 2000);
    await series.settled();
    expect({ refused, said }).toEqual({ refused: [], said: [] });
    expect(await readdir(join(folder, 'series'))).toEqual(['temp1.temperature.model']);
  });
});
