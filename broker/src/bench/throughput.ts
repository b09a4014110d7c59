import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load.ts';
import { isInstalled, type Subject, startBareAedes, startMosquitto, startOurs } from './subjects.ts';

/** One measured number. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
}
export type Progress = (line: string) => void;

const loadFile = fileURLToPath(new URL('./load.ts', import.meta.url));

/** Runs one load process; `begun` is called when it begins to measure. */
export async function runLoad(order: LoadOrder, begun?: () => void): Promise<LoadResult> {
  const child = fork(loadFile, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  // The end is often heard before what the process said last: the channel is read out first.
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(([[code]]): never => {
    throw new Error(`the load ended with ${code}`);
  });
  ended.catch(() => undefined);
  child.send(order);
  await Promise.race([once(child, 'message'), ended]);
  begun?.();
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [LoadResult];
  return result;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const gatewaysOfProcess = [
  [0, 1, 2, 3],
  [4, 5, 6, 7],
];

/**
 * Messages per second through one broker, with two load processes; and the processor share of the busier one.
 */
async function round(subject: Subject, anonymous: boolean, seconds: number) {
  const results = await Promise.all(
    gatewaysOfProcess.map((gateways) =>
      runLoad({ port: subject.port, anonymous, gateways, seconds, window: 32 }),
    ),
  );
  return {
    perSecond: results.reduce((sum, { messages, seconds: took }) => sum + messages / took, 0),
    cpu: Math.max(...results.map(({ cpu }) => cpu)),
  };
}

/**
 * QoS 1 from gateways over the broker to a subscriber, each message delivered and acknowledged on both sides,
 * in turns through our broker with everything on, bare Aedes and Mosquitto, so that what else the machine
 * does meets all alike.
 */
export async function benchThroughput(progress: Progress, rounds = 5, seconds = 2.5): Promise<Figure[]> {
  const subjects: [name: 'ours' | 'aedes' | 'mosquitto', subject: Subject][] = [
    ['ours', await startOurs()],
    ['aedes', await startBareAedes()],
  ];
  if (isInstalled('mosquitto')) subjects.push(['mosquitto', await startMosquitto()]);
  else progress('mosquitto is not installed: qos1_over_mosquitto is left out');
  const rates = new Map<string, number[]>();
  const loads: number[] = [];
  try {
    for (const [, subject] of subjects) await round(subject, subject !== subjects[0]?.[1], 0.5); // compiles
    for (let turn = 1; turn <= rounds; turn++) {
      for (const [name, subject] of subjects) {
        const { perSecond, cpu } = await round(subject, name !== 'ours', seconds);
        rates.set(name, [...(rates.get(name) ?? []), perSecond]);
        if (name === 'ours') loads.push(cpu);
        progress(
          `round ${turn}/${rounds} ${name}: ${perSecond.toFixed(0)} messages/s, load process ${(cpu * 100).toFixed(0)} % of a processor`,
        );
      }
    }
  } finally {
    for (const [, subject] of subjects) await subject.stop();
  }
  const [ours = [], aedes = [], mosquitto] = ['ours', 'aedes', 'mosquitto'].map((name) => rates.get(name));
  const ratio = (others: number[]) => median(ours.map((rate, turn) => rate / (others[turn] ?? Number.NaN)));
  return [
    { figure: 'qos1_msgs_per_s', value: median(ours), unit: 'messages/s', n: rounds },
    { figure: 'qos1_over_aedes', value: ratio(aedes), unit: 'ratio', n: rounds },
    ...(mosquitto
      ? [{ figure: 'qos1_over_mosquitto', value: ratio(mosquitto), unit: 'ratio', n: rounds }]
      : []),
    { figure: 'qos1_load_cpu', value: median(loads), unit: 'processors', n: rounds },
  ];
}
