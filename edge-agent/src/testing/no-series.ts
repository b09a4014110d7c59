import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { SeriesContext } from '../devices/temperature/sensor-series.ts';

/** For devices under test that learn nothing: keeps no models and trains none. */
export const noSeries: SeriesContext = {
  folder: join(tmpdir(), 'watchpost-no-series'),
  trainer: { train: () => Promise.reject(new Error('nothing is trained here')) },
  log: pino({ level: 'silent' }),
  refuse: () => undefined,
};
