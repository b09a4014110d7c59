import type { SensorFinding } from '../sensor.ts';

const unit = 'Cel';

export interface TemperatureLimits {
  readonly low: number;
  readonly high: number;
  readonly hysteresis: number;
}

/** Limits with hysteresis: alarm beyond a limit, cleared only `hysteresis` inside it. */
export class LimitMonitor {
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
