import { type DispositionKey, dispositionKey } from '../store/disposition-store.ts';
import type { DispositionCounts } from './device-trust.ts';
import { knownPolicy } from './policy.ts';

type Counts = ReadonlyMap<string, DispositionCounts>;

/**
 * How alerts of devices turned out, as far as it was read and nothing has changed since: every change of an
 * alert that says how it turned out makes it forget, and so does time, in case another service was not heard.
 */
export class KnownDispositions {
  readonly #monotonicMs: () => number;
  readonly #byDevice = new Map<string, Counts>();
  #generation = 0;
  #sinceMs = Number.NEGATIVE_INFINITY;

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
  }

  /** The counts of these devices, read by `read` where they are not known; by `dispositionKey`. */
  async of(
    devices: readonly string[],
    read: (devices: readonly string[]) => Promise<Counts>,
  ): Promise<{ get(key: DispositionKey): DispositionCounts | undefined }> {
    if (this.#monotonicMs() - this.#sinceMs > knownPolicy.dispositionsMs) this.forget();
    const generation = this.#generation;
    const missing = devices.filter((device) => !this.#byDevice.has(device));
    const counts = missing.length === 0 ? undefined : await read(missing);
    const known = new Map(devices.map((device) => [device, this.#byDevice.get(device) ?? counts]));
    // What was read while it changed may be of before.
    if (counts && generation === this.#generation)
      for (const device of missing) this.#byDevice.set(device, counts);
    return { get: (key) => known.get(key.device)?.get(dispositionKey(key)) };
  }

  /** Something turned out otherwise. */
  forget(): void {
    this.#generation++;
    this.#byDevice.clear();
    this.#sinceMs = this.#monotonicMs();
  }
}
