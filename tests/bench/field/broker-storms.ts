import {
  pairDuring,
  startBareNodeForStorms,
  startForStorms,
  startMosquittoForStorms,
} from '../../../broker/src/bench/storm-watch.ts';
import { isInstalled } from '../../../broker/src/bench/subjects.ts';
import { type Figure, percentile } from '../figure.ts';
import type { FieldBench } from './field-bench.ts';

/** Storms whose effect on others is compared, and what their figures begin with. */
const storms = { flood: 'broker_flood', slow_loris: 'broker_slowloris' } as const;
/** Who is watched, and the end of the figure; the last is what Node costs without a broker. */
const subjects = { ours: 'p99_ms', mosquitto: 'mosquitto_p99_ms', bareNode: 'bare_node_p99_ms' } as const;
type SubjectName = keyof typeof subjects;
const names = Object.keys(subjects) as SubjectName[];
const rounds = 7;
const secondsPerRound = 4;

/** What the rounds with one subject gave. */
interface Watched {
  /** The 99th percentile of each round. */
  readonly p99Ms: number[];
  readonly latenciesMs: number[];
  readonly lateMs: number[];
}

/**
 * What a pair at another address notices of a storm: the 99th percentile of its delivery through ours over
 * that through Mosquitto, each the median of the rounds. They take turns, first the one and then the other,
 * so that what else the machine does meets all. The first round of each does not count: a broker that serves
 * a site has been compiled long ago.
 */
export const brokerStorms: FieldBench = {
  name: 'broker-storms',
  figures: Object.values(storms).flatMap((figure) => [
    `${figure}_p99_over_mosquitto`,
    ...Object.values(subjects).map((end) => `${figure}_${end}`),
  ]),
  run: async (say) => {
    if (!isInstalled('mosquitto')) throw new Error('mosquitto is not installed');
    const running = {
      ours: await startForStorms(),
      mosquitto: await startMosquittoForStorms(),
      bareNode: await startBareNodeForStorms(),
    };
    try {
      const figures: Figure[] = [];
      for (const [storm, figure] of Object.entries(storms)) {
        const watched = await watch(storm, running);
        const median = (name: SubjectName) => percentile(watched[name].p99Ms, 0.5);
        for (const name of names) {
          const { p99Ms, latenciesMs, lateMs } = watched[name];
          const n = latenciesMs.length;
          figures.push({
            figure: `${figure}_${subjects[name]}`,
            value: rounded(median(name)),
            unit: 'ms',
            n,
          });
          say(
            `${storm}, ${name}: the others’ p99 is ${median(name).toFixed(2)} ms (rounds ${p99Ms.map((ms) => ms.toFixed(1)).join(' ')}), of all ${percentile(latenciesMs, 0.99).toFixed(2)} ms, the longest ${Math.max(...latenciesMs).toFixed(1)} ms; the pair itself was late by ${percentile(lateMs, 0.99).toFixed(2)} ms (p99)`,
          );
        }
        const value = rounded(median('ours') / median('mosquitto'));
        const n = watched.ours.latenciesMs.length;
        figures.push({ figure: `${figure}_p99_over_mosquitto`, value, unit: 'ratio', n });
      }
      return figures;
    } finally {
      for (const name of names) await running[name].stop();
    }
  },
};

async function watch(
  storm: string,
  running: Readonly<Record<SubjectName, Parameters<typeof pairDuring>[0]>>,
): Promise<Record<SubjectName, Watched>> {
  const nothing = (): Watched => ({ p99Ms: [], latenciesMs: [], lateMs: [] });
  const watched = { ours: nothing(), mosquitto: nothing(), bareNode: nothing() };
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      // once more where the pair did not even come in: these brokers wait a second for CONNECT
      const during = () => pairDuring(running[name], storm, secondsPerRound);
      const { p99Ms, latenciesMs, lateMs, faults } = await during().catch(during);
      if (faults > 0) throw new Error(`${storm}: ${faults} messages of others were lost with ${name}`);
      if (round === 0) continue;
      watched[name].p99Ms.push(p99Ms);
      watched[name].latenciesMs.push(...latenciesMs);
      watched[name].lateMs.push(...lateMs);
    }
  }
  return watched;
}

const rounded = (value: number): number => Math.round(100 * value) / 100;
