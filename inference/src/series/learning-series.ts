import { measuredMethod, type SeriesMethod } from './method-choice.ts';
import type { SequenceModel } from './sequence/sequence-model.ts';
import type { TrainingOptions } from './sequence/train-sequence-model.ts';
import { cadenceOf, NormalPoints, type SeriesPoints } from './sequence/training-data.ts';
import { classifySeries, type SeriesClass, seriesClasses } from './series-class.ts';
import { createSeriesDetector, type SeriesVerdict } from './series-detector.ts';
import { TimeLine } from './time-line.ts';

/** Points before the class of a series is judged and a first model trained. */
const firstPoints = 300;
/** The next training comes when so many times the points have been seen, so that their number stays small. */
const growth = 4;
/** The cadence is looked at every so many points. */
const cadencePoints = 100;

export interface LearningSeriesOptions {
  /** Name of the series, kept in its models. */
  readonly series: string;
  /**
   * `measured` takes the better judge for the class of the series; a judge named here is used whatever the
   * class. Default `measured`.
   */
  readonly judge?: SeriesMethod | 'measured';
  /** Train at least so often; default a week. */
  readonly retrainEveryMs?: number;
  /** Makes a model, or null when there is not enough to learn from. Called again only after it settled. */
  train(points: SeriesPoints, options: TrainingOptions): Promise<SequenceModel | null>;
  /** A new model judges from now on. */
  onModel?(model: SequenceModel): void;
  /** Training failed; the series is judged as before. */
  onFailure?(error: unknown): void;
}

/**
 * A detector that learns: it collects the points that were found normal, has a model trained where a model is
 * the better judge for this class of series, again when four times as many points have been seen or a week
 * has passed, and from the start when the points begin to come at another pace.
 */
export class LearningSeries {
  readonly #options: LearningSeriesOptions;
  readonly #retrainEveryMs: number;
  readonly #detector = createSeriesDetector();
  #points = new NormalPoints();
  #class: SeriesClass | null = null;
  #model: SequenceModel | null = null;
  #nextAt = firstPoints;
  #trainedAtMs = Number.NaN;
  readonly #line = new TimeLine();
  #training: Promise<void> | null = null;

  constructor(options: LearningSeriesOptions) {
    this.#options = options;
    this.#retrainEveryMs = options.retrainEveryMs ?? 7 * 86_400_000;
  }

  /** The model in use, or null. */
  get model(): SequenceModel | null {
    return this.#model;
  }

  /** Found at 300 points; null before. */
  get seriesClass(): SeriesClass | null {
    return this.#class;
  }

  /** Whether a model may ever be trained or used; where not, no file of one need be looked for. */
  get learns(): boolean {
    return seriesClasses.some((seriesClass) => this.#judge(seriesClass) !== 'statistical');
  }

  /** Settles when the training under way has ended; null when there is none. Never rejects. */
  get training(): Promise<void> | null {
    return this.#training;
  }

  /** Goes on with a model of an earlier run. */
  adopt(model: SequenceModel): void {
    this.#class = model.training.seriesClass;
    this.#trainedAtMs = model.training.toMs;
    this.#nextAt = growth * firstPoints;
    this.#use(model);
  }

  /** As `SeriesDetector.observe`. */
  observe(timeMs: number, value: number): SeriesVerdict {
    const verdict = this.#detector.observe(timeMs, value);
    const interval = this.#line.advance(timeMs);
    if (interval === null) return verdict;
    // The clock was set back: what is held would be out of order.
    if (Number.isNaN(interval)) this.#forgetPoints(timeMs);
    if (!Number.isFinite(value)) return verdict;
    this.#points.add(timeMs, value, verdict.usual);
    if (this.#points.count % cadencePoints === 0) this.#watchCadence();
    if (!this.#training && this.#isDue(timeMs)) this.#training = this.#train(timeMs);
    return verdict;
  }

  #isDue(timeMs: number): boolean {
    const { count } = this.#points;
    if (count < firstPoints) return false;
    this.#class ??= classifySeries(this.#points.points().values);
    if (this.#judge(this.#class) === 'statistical') return false;
    return count >= this.#nextAt || timeMs - this.#trainedAtMs >= this.#retrainEveryMs;
  }

  async #train(timeMs: number): Promise<void> {
    const points = this.#points;
    this.#nextAt = growth * points.count;
    this.#trainedAtMs = timeMs;
    try {
      const options = { series: this.#options.series, seriesClass: this.#class ?? 'noisy' };
      const model = await this.#options.train(points.points(), options);
      // Points that came at another pace since then have started anew.
      if (model && points === this.#points) {
        this.#use(model);
        this.#options.onModel?.(model);
      }
    } catch (error) {
      this.#options.onFailure?.(error);
    } finally {
      this.#training = null;
    }
  }

  #use(model: SequenceModel): void {
    this.#model = model;
    this.#detector.useModel(model, this.#judge(model.training.seriesClass));
  }

  #judge(seriesClass: SeriesClass): SeriesMethod {
    const { judge = 'measured' } = this.#options;
    return judge === 'measured' ? measuredMethod[seriesClass] : judge;
  }

  #watchCadence(): void {
    if (!this.#model) return;
    const now = cadenceOf(this.#points.points().timesMs.slice(-cadencePoints));
    const ratio = now / this.#model.training.cadenceMs;
    if (ratio > 0.5 && ratio < 2) return;
    this.#forgetPoints(this.#trainedAtMs);
    this.#class = null;
    this.#model = null;
    this.#detector.useModel(null);
  }

  #forgetPoints(trainedAtMs: number): void {
    this.#points = new NormalPoints();
    this.#nextAt = firstPoints;
    this.#trainedAtMs = trainedAtMs;
  }
}
