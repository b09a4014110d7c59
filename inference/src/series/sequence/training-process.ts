import { constants, setPriority } from 'node:os';
import { encodeSequenceModel } from './sequence-model-file.ts';
import { openTensors } from './tensor-backend.ts';
import { type TrainingOptions, trainSequenceModel } from './train-sequence-model.ts';
import type { SeriesPoints } from './training-data.ts';

/** What `startTraining` sends. */
export interface TrainingJob {
  readonly points: SeriesPoints;
  readonly options: TrainingOptions;
}

/** What comes back: the bytes of a model's file, null for too little to learn from, or what went wrong. */
export type TrainingReply = { readonly model: Uint8Array | null } | { readonly failure: string };

// Whoever trains must not take the processor from whoever judges.
setPriority(constants.priority.PRIORITY_LOW);
// Gone with the process that asked.
process.on('disconnect', () => process.exit());
process.once('message', async ({ points, options }: TrainingJob) => {
  const reply = (message: TrainingReply) =>
    process.send?.(message, undefined, {}, () => process.disconnect());
  try {
    const tensors = await openTensors();
    const model = await trainSequenceModel(tensors, points, options);
    reply({ model: model && encodeSequenceModel(model) });
  } catch (error) {
    reply({ failure: error instanceof Error ? error.message : String(error) });
  }
});
