import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { nodeFlags } from '@watchpost/service';
import type { SequenceModel } from './sequence-model.ts';
import { decodeSequenceModel } from './sequence-model-file.ts';
import type { TrainingOptions } from './train-sequence-model.ts';
import type { SeriesPoints } from './training-data.ts';
import type { TrainingJob, TrainingReply } from './training-process.ts';

/** A training in a process of its own. */
export interface RunningTraining {
  /** Null when there was not enough to learn from. Rejects with `inference.sequence_training`. */
  readonly model: Promise<SequenceModel | null>;
  /** Ends the process; `model` then rejects, unless it was ready. */
  stop(): void;
}

const entry = fileURLToPath(new URL('training-process.ts', import.meta.url));
/** Many times what a training takes on a slow gateway. */
const mostMs = 5 * 60_000;

/**
 * Trains in a child process of low priority, which takes TensorFlow.js and all its memory away with it when
 * it ends.
 */
export function startTraining(points: SeriesPoints, options: TrainingOptions): RunningTraining {
  const child = fork(entry, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [...nodeFlags, '--max-old-space-size=192'],
    timeout: mostMs,
    killSignal: 'SIGKILL',
  });
  const model = new Promise<SequenceModel | null>((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new WatchpostError('inference.sequence_training', { path: `/${options.series}`, cause }));
    child.once('error', fail);
    child.once('exit', (code, signal) => fail(new Error(`ended early: ${signal ?? code}`)));
    child.once('message', (reply: TrainingReply) => {
      if ('failure' in reply) return fail(new Error(reply.failure));
      try {
        resolve(reply.model && decodeSequenceModel(reply.model, options.series));
      } catch (error) {
        fail(error);
      }
    });
    child.send({ points, options } satisfies TrainingJob, (error) => error && fail(error));
  });
  // Whoever only stops it does not look at the result.
  model.catch(() => undefined);
  return { model, stop: () => void child.kill('SIGKILL') };
}
