import { CadenceWatch } from './cadence.ts';
import { DayProfile, FlatRun, GradualMove, RecentValues } from './features.ts';
import { measuredMethod, type SeriesMethod } from './method-choice.ts';
import { Novelty } from './novelty.ts';
import { SeasonProfile } from './season-finder.ts';
import type { SequenceModel } from './sequence/sequence-model.ts';
import { SequenceWatch } from './sequence/sequence-watch.ts';
import { TimeLine } from './time-line.ts';

/** What is odd about a point. */
export type SeriesReason = 'level' | 'spike' | 'drift' | 'flat' | 'missing' | 'season';

/** What the detector says about one measurement. */
export interface SeriesVerdict {
  /**
   * 0 … 1; alarm from 0.5 up, which is the best threshold on the NAB subset and speaks about once in 1,300
   * points of Gaussian noise; take a higher one where that is too often. 0 while warming up, and after an
   * alarm until something odder comes or 80 points have passed: an episode speaks once.
   */
  readonly score: number;
  /** What contributes most; null when nothing is odd (score below 0.1). */
  readonly reason: SeriesReason | null;
  /** What was expected here, in the unit of the series; NaN before the first finite value. */
  readonly expected: number;
  /** False during warm-up. */
  readonly ready: boolean;
  /** Whose score it is: that of the trained sequence model, or of the statistics. */
  readonly by: 'statistics' | 'sequence';
  /**
   * False where the statistics find the value unlike any before, also while the score rests after an alarm:
   * such points are not to be learnt from.
   */
  readonly usual: boolean;
}

/** One set of parameters serves all series; change them only with a measurement at hand (`eval series`). */
export interface SeriesDetectorOptions {
  /** Finite points before the detector speaks; default 150. */
  readonly warmup?: number;
}

/** Constant memory (about 60 kB, with a model 80 kB). One per series. */
export interface SeriesDetector {
  /**
   * `timeMs` since the epoch. Defined for everything: NaN and ±Infinity count as missing; a duplicate,
   * earlier or non-finite timestamp leaves the state as it is and scores 0 with the last expectation, until
   * twenty earlier ones in order show that the clock was set back.
   */
  observe(timeMs: number, value: number): SeriesVerdict;
  /**
   * From now on judge with a trained model too, by default as measured for its class; without one (null) by
   * statistics alone.
   */
  useModel(model: SequenceModel | null, judge?: SeriesMethod): void;
}

interface Oddity {
  readonly reason: SeriesReason;
  readonly novelty: number;
  /** The novelty that scores 0.5. */
  readonly alarm: number;
  readonly by: SeriesVerdict['by'];
  readonly usual: boolean;
}

/** Novelty that scores 0.5, by judge; found on the 41 series of the NAB subset, see `eval series`. */
const alarmNovelty: Readonly<Record<SeriesMethod, number>> = {
  statistical: 0.0935,
  sequence: 0.081,
  combined: 0.174,
};
/** Points after an alarm in which only something odder is told. */
const restPoints = 80;

/** Pure: no clock, no randomness. */
export function createSeriesDetector({ warmup = 150 }: SeriesDetectorOptions = {}): SeriesDetector {
  const cadence = new CadenceWatch();
  const watch = new ValueWatch();
  const line = new TimeLine();
  let count = 0;
  let toldNovelty = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  function judge(timeMs: number, value: number): Oddity {
    const oddest = watch.observe(timeMs, value);
    const resting = count - toldAt < restPoints && oddest.novelty <= toldNovelty;
    if (resting || oddest.novelty <= 0) return { ...oddest, novelty: 0 };
    if (count > warmup) {
      toldNovelty = oddest.novelty;
      toldAt = count;
    }
    return oddest;
  }

  return {
    observe(timeMs, value) {
      const expected = watch.expected(timeMs);
      const ready = count >= warmup;
      const silent = { score: 0, reason: null, expected, ready, by: 'statistics', usual: true } as const;
      const interval = line.advance(timeMs);
      if (interval === null) return silent;
      const usable = Number.isFinite(value);
      const missing = usable ? cadence.gap(interval) : cadence.missed();
      if (usable) count++;
      const oddest: Oddity = usable
        ? judge(timeMs, value)
        : { reason: 'missing', novelty: 0, alarm: alarmNovelty.statistical, by: 'statistics', usual: false };
      if (!ready) return silent;
      const odd = oddest.novelty / (oddest.novelty + oddest.alarm);
      const score = Math.max(odd, missing);
      const { by, usual } = oddest;
      if (score < 0.1) return { ...silent, score, usual };
      if (missing > odd) return { ...silent, score, reason: 'missing', usual };
      return { ...silent, score, reason: oddest.reason, by, usual };
    },
    useModel(model, judge) {
      watch.useModel(model, judge ?? (model ? measuredMethod[model.training.seriesClass] : 'statistical'));
    },
  };
}

/** Weights by which novelties of different features become comparable. */
const weights = { value: 1, roughness: 0.3, hour: 0.1, mean: 0.1, flat: 0.3, season: 0.1 } as const;

/** Watches six numbers that are derived from a series, each for values unlike any before. */
class ValueWatch {
  readonly #novelties = {
    value: new Novelty(),
    roughness: new Novelty(),
    hour: new Novelty(),
    mean: new Novelty(),
    flat: new Novelty(),
    season: new Novelty(),
  };
  readonly #short = new RecentValues(4);
  readonly #long = new RecentValues(24);
  readonly #move = new GradualMove(24);
  readonly #offDay = new RecentValues(12);
  readonly #offSeason = new RecentValues(12);
  readonly #season = new SeasonProfile();
  readonly #day = new DayProfile();
  readonly #run = new FlatRun();
  #sequence: SequenceWatch | null = null;
  #judge: SeriesMethod = 'statistical';
  #last = Number.NaN;
  #level = Number.NaN;
  #step = 0;

  /** Usual value of the phase of the season that was found, else of the hour, else the running level. */
  expected(timeMs: number): number {
    const inSeason = this.#season.expected();
    if (!Number.isNaN(inSeason)) return inSeason;
    const usual = Number.isFinite(timeMs) ? this.#day.expected(timeMs) : Number.NaN;
    return Number.isNaN(usual) ? this.#level : usual;
  }

  useModel(model: SequenceModel | null, judge: SeriesMethod): void {
    this.#judge = judge;
    this.#sequence = model && judge !== 'statistical' ? new SequenceWatch(model) : null;
  }

  /** The oddest feature and its weighted novelty; learns from the finite `value`. */
  observe(timeMs: number, value: number): Oddity {
    const unlike = this.#sequence?.observe(timeMs, value) ?? Number.NaN;
    const step = Math.abs(value - (Number.isNaN(this.#last) ? value : this.#last));
    const usual = this.#day.expected(timeMs);
    this.#short.push(value);
    this.#long.push(value);
    if (!Number.isNaN(usual)) this.#offDay.push(value - usual);
    const inSeason = this.#season.expected();
    if (!Number.isNaN(inSeason)) this.#offSeason.push(value - inSeason);
    const mean = this.#long.mean();
    this.#move.observe(mean);
    const jump = step > 4 * this.#step;
    const away = jump ? 'spike' : this.#move.has(value, mean) ? 'drift' : 'level';
    const n = this.#novelties;
    const parts: readonly (readonly [SeriesReason, number])[] = [
      [away, weights.value * n.value.observe(value)],
      ['spike', weights.roughness * n.roughness.observe(this.#short.roughness())],
      ['season', weights.hour * n.hour.observe(this.#offDay.mean())],
      ['season', weights.season * n.season.observe(this.#offSeason.mean())],
      ['drift', weights.mean * n.mean.observe(mean)],
      ['flat', weights.flat * n.flat.observe(this.#run.observe(value))],
    ];
    const [reason, novelty] = parts.reduce((a, b) => (b[1] > a[1] ? b : a));
    this.#learn(timeMs, value, step);
    // Statistics stand in while the model has not seen enough values in a row.
    const judge = unlike >= 0 ? this.#judge : 'statistical';
    const verdict = { alarm: alarmNovelty[judge], usual: novelty < alarmNovelty.statistical };
    if (judge === 'statistical' || (judge === 'combined' && unlike <= novelty))
      return { ...verdict, reason, novelty, by: 'statistics' };
    const pattern = this.#season.period === null ? 'level' : 'season';
    return { ...verdict, reason: jump ? 'spike' : pattern, novelty: unlike, by: 'sequence' };
  }

  #learn(timeMs: number, value: number, step: number): void {
    this.#day.learn(timeMs, value);
    this.#season.learn(value);
    this.#last = value;
    this.#level = Number.isNaN(this.#level) ? value : this.#level + 0.05 * (value - this.#level);
    this.#step += 0.05 * (step - this.#step);
  }
}
