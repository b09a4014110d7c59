import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type RunningTraining,
  type SequenceModel,
  type SeriesPoints,
  startTraining,
  type TrainingOptions,
} from '@watchpost/inference';

/**
 * Trains the models of a gateway's sensors, one after the other, each in a process that ends with it: so that
 * memory and processor stay free for judging.
 */
export class SequenceTrainer {
  readonly #start: typeof startTraining;
  #line: Promise<unknown> = Promise.resolve();
  #running: RunningTraining | null = null;
  #stopped = false;

  /** Tests hand in their own `start`. */
  constructor(start = startTraining) {
    this.#start = start;
  }

  /**
   * Null when there was not enough to learn from. @throws WatchpostError `inference.sequence_training`, also
   * when it is stopped first
   */
  train(points: SeriesPoints, options: TrainingOptions): Promise<SequenceModel | null> {
    const result = this.#line.then(() => this.#run(points, options));
    this.#line = result.catch(() => undefined);
    return result;
  }

  /** Ends the training under way; those that wait fail. */
  stop(): void {
    this.#stopped = true;
    this.#running?.stop();
  }

  async #run(points: SeriesPoints, options: TrainingOptions): Promise<SequenceModel | null> {
    if (this.#stopped)
      throw new WatchpostError('inference.sequence_training', { path: `/${options.series}` });
    this.#running = this.#start(points, options);
    try {
      return await this.#running.model;
    } finally {
      this.#running = null;
    }
  }
}
