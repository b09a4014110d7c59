import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  LearningSeries,
  loadSequenceModel,
  type SequenceModel,
  type SeriesMethod,
  type SeriesVerdict,
  saveSequenceModel,
  sequenceModelDigest,
} from '@watchpost/inference';
import type { Logger } from 'pino';
import type { DeviceHealthRecord } from '../device-health.ts';
import type { SequenceTrainer } from './sequence-trainer.ts';

/** What the series of all sensors share. */
export interface SeriesContext {
  /** Where models are kept, one file per series; made when the first is saved. */
  readonly folder: string;
  readonly trainer: Pick<SequenceTrainer, 'train'>;
  readonly log: Pick<Logger, 'info'>;
  /** Counts and logs what went wrong. */
  refuse(error: WatchpostError, what: string): void;
}

/** How a sensor's series is judged. */
export interface SeriesSettings {
  readonly judge: SeriesMethod | 'measured';
  readonly retrainEveryMs: number;
}

/**
 * Judges the series of one sensor; keeps its trained model in a file, where settings and class of the series
 * call for one. Without a usable model the statistics judge.
 */
export class SensorSeries {
  readonly #name: string;
  readonly #path: string;
  readonly #health: DeviceHealthRecord;
  readonly #context: SeriesContext;
  readonly #learning: LearningSeries;
  #stopped = false;
  /** The last saving; each waits for the one before. */
  #saving: Promise<void> = Promise.resolve();

  /** `name` is `device/metric`. */
  constructor(name: string, settings: SeriesSettings, health: DeviceHealthRecord, context: SeriesContext) {
    this.#name = name;
    this.#path = join(context.folder, `${name.replaceAll('/', '.')}.model`);
    this.#health = health;
    this.#context = context;
    this.#learning = new LearningSeries({
      series: name,
      ...settings,
      train: (points, options) => context.trainer.train(points, options),
      onModel: (model) => {
        this.#saving = this.#saving.then(() => this.#save(model));
      },
      onFailure: (error) => this.#trouble(error, 'inference.sequence_training', 'no model could be trained'),
    });
  }

  /** Takes up the model of an earlier run. Settles when it is in use or was refused. */
  async start(): Promise<void> {
    this.#stopped = false;
    if (!this.#learning.learns || this.#learning.model) return;
    try {
      const model = await loadSequenceModel(this.#path, this.#name);
      if (!model || this.#learning.model) return;
      this.#learning.adopt(model);
      this.#tell(model, 'kept model in use');
    } catch (error) {
      this.#trouble(error, 'inference.sequence_model_damaged', 'kept model refused');
    }
  }

  /** A training that is cut off from now on is no trouble. */
  stop(): void {
    this.#stopped = true;
  }

  observe(timeMs: number, value: number): SeriesVerdict {
    return this.#learning.observe(timeMs, value);
  }

  /** Settles when no training and no saving is under way. */
  async settled(): Promise<void> {
    await this.#learning.training;
    await this.#saving;
  }

  async #save(model: SequenceModel): Promise<void> {
    this.#tell(model, 'new model in use');
    try {
      await mkdir(this.#context.folder, { recursive: true, mode: 0o700 });
      await saveSequenceModel(this.#path, model);
    } catch (error) {
      this.#trouble(error, 'config.data_folder', 'model not saved');
    }
  }

  #tell(model: SequenceModel, what: string): void {
    const { seriesClass, points, backend } = model.training;
    this.#context.log.info(
      { series: this.#name, digest: sequenceModelDigest(model), seriesClass, points, backend },
      what,
    );
  }

  #trouble(error: unknown, code: WatchpostError['code'], what: string): void {
    if (this.#stopped) return;
    const known =
      error instanceof WatchpostError ? error : new WatchpostError(code, { path: this.#path, cause: error });
    this.#health.degrade(known.code);
    this.#context.refuse(known, what);
  }
}
