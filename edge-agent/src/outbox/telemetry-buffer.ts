import { type SenmlRecord, wireLimits } from '@watchpost/contracts/wire';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import { telemetryPolicy } from '../policy.ts';

/** One measurement before it is packed. */
export interface Sample {
  readonly device: string;
  readonly metric: string;
  readonly unit?: string;
  readonly value: number | boolean;
  /** Site time, milliseconds since the Unix epoch. */
  readonly timeMs: number;
}

/** With the reading of the monotonic clock, where the server’s time was not known. */
type StampedSample = Sample & { readonly monotonicMs: number | null };

/** Measurements on their way. */
export interface TakenPack {
  /** SenML, JSON. */
  readonly payload: string;
  readonly samples: readonly StampedSample[];
}

/**
 * Collects measurements into SenML packs. Measurements are not events: when the broker is away only the
 * newest `capacity` are kept, and what is pushed out is counted.
 */
export class TelemetryBuffer {
  readonly #capacity: number;
  readonly #clock: Pick<GatewayClock, 'stamp' | 'offsetOf'>;
  #samples: StampedSample[] = [];
  /** Measurements that were pushed out by newer ones. */
  dropped = 0;

  constructor(clock: Pick<GatewayClock, 'stamp' | 'offsetOf'>, capacity: number = telemetryPolicy.kept) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#samples.length;
  }

  add(sample: Sample): void {
    // Measurements travel in the server's time; what was taken before that was known is corrected when it
    // leaves.
    this.#samples.push({ ...sample, monotonicMs: this.#clock.stamp(sample.timeMs).monotonicMs });
    if (this.#samples.length <= this.#capacity) return;
    this.#samples.shift();
    this.dropped++;
  }

  /** Takes the oldest out, as one pack of at most 64 KiB; nothing when there are none. */
  take(): TakenPack | undefined {
    while (this.#samples.length > 0) {
      const samples = this.#samples.splice(0, telemetryPolicy.packRecords);
      const payload = fit(toPack(samples.map((sample) => this.#corrected(sample))));
      if (payload !== undefined) return { payload, samples };
    }
    return undefined;
  }

  /** A pack did not arrive: its measurements wait again, as the oldest. */
  giveBack({ samples }: TakenPack): void {
    this.#samples.unshift(...samples);
    const tooMany = Math.max(0, this.#samples.length - this.#capacity);
    this.#samples.splice(0, tooMany);
    this.dropped += tooMany;
  }

  #corrected({ timeMs, monotonicMs, ...sample }: StampedSample): Sample {
    const offsetMs = monotonicMs === null ? null : this.#clock.offsetOf(timeMs, monotonicMs);
    return { ...sample, timeMs: timeMs + (offsetMs ?? 0) };
  }
}

/** RFC 8428 §4: base name and base time once per device, then names and relative times. */
function toPack(samples: readonly Sample[]): SenmlRecord[] {
  const records: SenmlRecord[] = [];
  let device = '';
  let baseS = 0;
  for (const sample of samples.toSorted((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : 0))) {
    const base = sample.device !== device;
    if (base) {
      device = sample.device;
      baseS = sample.timeMs / 1000;
    }
    const offsetS = Math.round(sample.timeMs - baseS * 1000) / 1000;
    records.push({
      ...(base ? { bn: `${device}/`, bt: baseS } : {}),
      n: sample.metric,
      ...(sample.unit === undefined ? {} : { u: sample.unit }),
      ...(typeof sample.value === 'boolean' ? { vb: sample.value } : { v: sample.value }),
      ...(offsetS === 0 ? {} : { t: offsetS }),
    });
  }
  return records;
}

/** 250 records are far below the limit; longer ones would be left to the broker to refuse. */
function fit(records: readonly SenmlRecord[]): string | undefined {
  const text = JSON.stringify(records);
  return Buffer.byteLength(text) <= wireLimits.payloadBytes ? text : undefined;
}
