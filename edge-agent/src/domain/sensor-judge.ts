import type { EventData } from '@watchpost/contracts/wire';
import type { SeriesVerdict } from '@watchpost/inference';
import { anomalyPolicy } from './policy.ts';

/** What a sensor's reading says beyond itself. */
export type SensorFinding =
  | { readonly type: 'watchpost.sensor.alarm.v1'; readonly data: EventData<'watchpost.sensor.alarm.v1'> }
  | { readonly type: 'watchpost.sensor.cleared.v1'; readonly data: EventData<'watchpost.sensor.cleared.v1'> }
  | { readonly type: 'watchpost.sensor.anomaly.v1'; readonly data: EventData<'watchpost.sensor.anomaly.v1'> };

/** A sensor that is either in alarm or not: speaks when that changes. */
export class SwitchJudge {
  readonly #kind: 'door' | 'smoke';
  #active = false;

  constructor(kind: 'door' | 'smoke') {
    this.#kind = kind;
  }

  observe(active: boolean): SensorFinding | null {
    if (active === this.#active) return null;
    this.#active = active;
    const data = { kind: this.#kind };
    return active
      ? { type: 'watchpost.sensor.alarm.v1', data }
      : { type: 'watchpost.sensor.cleared.v1', data };
  }
}

export interface TemperatureLimits {
  readonly low: number;
  readonly high: number;
  readonly hysteresis: number;
}

const unit = 'Cel';

/** Limits with hysteresis: alarm beyond a limit, cleared only `hysteresis` inside it. */
export class TemperatureJudge {
  readonly #limits: TemperatureLimits;
  #alarm: 'low' | 'high' | null = null;

  constructor(limits: TemperatureLimits) {
    this.#limits = limits;
  }

  get inAlarm(): boolean {
    return this.#alarm !== null;
  }

  observe(value: number): SensorFinding | null {
    const { low, high, hysteresis } = this.#limits;
    const beyond = value > high ? 'high' : value < low ? 'low' : null;
    if (beyond && beyond !== this.#alarm) {
      this.#alarm = beyond;
      const limit = beyond === 'high' ? high : low;
      return { type: 'watchpost.sensor.alarm.v1', data: { kind: 'temperature', value, unit, limit } };
    }
    const inside = value <= high - hysteresis && value >= low + hysteresis;
    if (beyond || !this.#alarm || !inside) return null;
    this.#alarm = null;
    return { type: 'watchpost.sensor.cleared.v1', data: { kind: 'temperature', value, unit } };
  }
}

const { speakFrom, quietBelow, quietMs } = anomalyPolicy;

/** Lets an unusual stretch of a series speak once. */
export class AnomalyJudge {
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
