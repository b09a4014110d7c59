import { Novelty } from '../novelty.ts';
import { residualOf, type SequenceModel, scaled, windowLength } from './sequence-model.ts';
import { gapCadences } from './training-data.ts';

/**
 * Follows a series with a trained model: how unlike the residual of the last 24 values is to every residual
 * before, those of training included.
 */
export class SequenceWatch {
  readonly #model: SequenceModel;
  readonly #novelty = new Novelty();
  readonly #window = new Float32Array(windowLength);
  #filled = 0;
  #lastMs = Number.NaN;

  constructor(model: SequenceModel) {
    this.#model = model;
    for (const residual of model.calibration) this.#novelty.observe(residual);
  }

  /** Judges a finite value, then remembers it. NaN until 24 values without a gap have come. */
  observe(timeMs: number, value: number): number {
    if (timeMs - this.#lastMs > gapCadences * this.#model.training.cadenceMs) this.#filled = 0;
    this.#lastMs = timeMs;
    this.#window.copyWithin(0, 1);
    this.#window[windowLength - 1] = scaled(value, this.#model.scaler);
    this.#filled = Math.min(this.#filled + 1, windowLength);
    return this.#filled < windowLength
      ? Number.NaN
      : this.#novelty.observe(residualOf(this.#model, this.#window));
  }
}
