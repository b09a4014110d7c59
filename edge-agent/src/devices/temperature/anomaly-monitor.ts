import type { SeriesVerdict } from '@watchpost/inference';
import type { SensorFinding } from '../sensor.ts';
import { anomalyPolicy } from './policy.ts';

const unit = 'Cel';

const { speakFrom, quietBelow, quietMs } = anomalyPolicy;

/** Lets an unusual stretch of a series speak once. */
export class AnomalyMonitor {
  #speaking = false;
  #spokeAt = Number.NEGATIVE_INFINITY;

  observe(timeMs: number, value: number, verdict: SeriesVerdict, inAlarm: boolean): SensorFinding | null {
    if (verdict.score < quietBelow) this.#speaking = false;
    if (!verdict.ready || verdict.score < speakFrom || !verdict.reason || inAlarm || this.#speaking)
      return null;
    if (timeMs - this.#spokeAt < quietMs) return null;
    this.#speaking = true;
    this.#spokeAt = timeMs;
    return {
      type: 'watchpost.sensor.anomaly.v1',
      data: {
        kind: 'temperature',
        ...(Number.isFinite(value) ? { value } : {}),
        unit,
        score: Math.min(1, verdict.score),
        reason: verdict.reason,
        ...(Number.isFinite(verdict.expected) ? { expected: verdict.expected } : {}),
        ...(verdict.by === 'sequence' ? { judge: verdict.by } : {}),
      },
    };
  }
}
