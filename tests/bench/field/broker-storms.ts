import {
  pairDuring,
  startForStorms,
  startMosquittoForStorms,
} from '../../../broker/src/bench/storm-watch.ts';
import { isInstalled } from '../../../broker/src/bench/subjects.ts';
import { type Figure, percentile } from '../figure.ts';
import type { FieldBench } from './field-bench.ts';

/** Storms whose effect on others is compared, and the figure of each. */
const storms = {
  flood: 'broker_flood_p99_over_mosquitto',
  slow_loris: 'broker_slowloris_p99_over_mosquitto',
} as const;
const rounds = 3;
const secondsPerRound = 4;

/**
 * What a pair at another address notices of a storm: the 99th percentile of its delivery through ours over
 * that through Mosquitto. The two take turns, so that what else the machine does meets both.
 */
export const brokerStorms: FieldBench = {
  name: 'broker-storms',
  figures: Object.values(storms),
  run: async (say) => {
    if (!isInstalled('mosquitto')) throw new Error('mosquitto is not installed');
    const subjects = { ours: await startForStorms(), mosquitto: await startMosquittoForStorms() };
    try {
      const figures: Figure[] = [];
      for (const [storm, figure] of Object.entries(storms)) {
        const latencies = { ours: [] as number[], mosquitto: [] as number[] };
        for (let round = 0; round < rounds; round++) {
          for (const name of ['ours', 'mosquitto'] as const) {
            // once more where the pair did not even come in: these brokers wait a second for CONNECT
            const during = () => pairDuring(subjects[name], storm, secondsPerRound);
            const { latenciesMs, faults } = await during().catch(during);
            if (faults > 0) throw new Error(`${storm}: ${faults} messages of others were lost with ${name}`);
            latencies[name].push(...latenciesMs);
          }
        }
        const [ours, theirs] = [percentile(latencies.ours, 0.99), percentile(latencies.mosquitto, 0.99)];
        say(`${storm}: the others’ p99 is ${ours.toFixed(2)} ms, with Mosquitto ${theirs.toFixed(2)} ms`);
        const value = Math.round((100 * ours) / theirs) / 100;
        figures.push({ figure, value, unit: 'ratio', n: latencies.ours.length });
      }
      return figures;
    } finally {
      await subjects.ours.stop();
      await subjects.mosquitto.stop();
    }
  },
};
