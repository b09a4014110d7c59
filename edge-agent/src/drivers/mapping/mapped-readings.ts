import type { Mapping } from '@watchpost/contracts/site';
import type { Clock } from '@watchpost/hardware';
import type { SensorKind } from '../../devices/sensor-kind.ts';
import type { ReadingEvents } from '../reading-driver.ts';
import { Debounce } from './debounce.ts';
import { kindValues } from './kind-values.ts';
import { mapValue } from './map-value.ts';

export interface MappedDevice {
  readonly device: string;
  readonly kind: SensorKind;
}

/** Turns what one device says into readings of its kind, by a mapping. Owns the timer of a change. */
export class MappedReadings {
  readonly #target: MappedDevice;
  readonly #mapping: Mapping;
  readonly #events: Pick<ReadingEvents, 'read' | 'unreadable'>;
  readonly #debounce: Debounce<boolean | number>;
  #before: boolean | null = null;

  constructor(
    target: MappedDevice,
    mapping: Mapping,
    clock: Pick<Clock, 'after'>,
    events: Pick<ReadingEvents, 'read' | 'unreadable'>,
  ) {
    this.#target = target;
    this.#mapping = mapping;
    this.#events = events;
    // Numbers differ each time: a change that lasts there is none.
    const lastMs = kindValues[target.kind].quantity === 'switch' ? mapping.debounceMs : 0;
    this.#debounce = new Debounce(lastMs, clock, ({ value, timeMs, kept }) => {
      const reading = kindValues[target.kind].reading(value);
      events.read({ ...reading, device: target.device, timeMs, ...(kept ? { kept } : {}) });
    });
  }

  /**
   * `message` is what the device said, at `timeMs` of this gateway’s clock.
   * @returns whether it was understood; if not, it was told
   */
  take(message: unknown, timeMs: number, kept = false): boolean {
    const { quantity } = kindValues[this.#target.kind];
    const value = mapValue(message, this.#mapping, quantity, this.#before);
    if (value === null) {
      this.#events.unreadable('edge.reading_unreadable');
      return false;
    }
    if (typeof value === 'boolean') this.#before = value;
    this.#debounce.hear({ value, timeMs, kept });
    return true;
  }

  stop(): void {
    this.#debounce.stop();
  }
}
