import type { SensorFinding } from './sensor.ts';

/** A sensor that is either in alarm or not: speaks when that changes. */
export class SwitchMonitor {
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
