import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Reading } from '@watchpost/hardware';

/**
 * A reading as a driver hears it; its time is this gateway’s clock. `kept`: it was already so before, as an
 * MQTT broker keeps it: it says what is, but it is no sign of life and its time is not when it became so.
 */
export type HeardReading = Reading & { readonly kept?: boolean };

/** What a driver tells of its device. After `stop` nothing comes any more. */
export interface ReadingEvents {
  /** The device can be heard, as far as the driver can tell. */
  up(): void;
  /** It cannot, for the reason `error`; the driver tries again by itself. */
  lost(error: ErrorCode): void;
  read(reading: HeardReading): void;
  /** The device said something, but no value. */
  alive(): void;
  /** It said something that is no value of its kind. */
  unreadable(error: ErrorCode): void;
  /** What somebody should see to although the device works, such as its battery; null = nothing. */
  concern(error: ErrorCode | null): void;
  /** How full its battery is, percent. */
  battery(percent: number, timeMs: number): void;
}

/** Where the readings of one sensor come from. Owns its connection and timers. */
export interface ReadingDriver {
  /** Silence after which a device of this driver usually counts as lost, milliseconds. */
  readonly silentAfterMs?: number;
  /** Begins, or begins again, to listen; never throws for a device that is not there. */
  start(events: ReadingEvents): void;
  /** Ends the connection and every timer; no event comes afterwards. */
  stop(): Promise<void>;
  /** Only of a simulated sensor: does one action by hand. @throws WatchpostError `wire.schema` */
  trigger?(action: string, value: number | undefined): void;
}
