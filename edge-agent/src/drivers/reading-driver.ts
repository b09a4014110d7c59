import type { Reading } from '@watchpost/hardware';

/** Where the readings of one sensor come from. Owns its connection and timers. */
export interface ReadingDriver {
  /**
   * Begins, or begins again, to listen; never throws for a device that is not there. Times of readings are
   * this gateway's clock.
   */
  start(read: (reading: Reading) => void): void;
  /** Ends the connection and every timer; no reading comes afterwards. */
  stop(): Promise<void>;
  /** Only of a simulated sensor: does one action by hand. @throws WatchpostError `wire.schema` */
  trigger?(action: string, value: number | undefined): void;
}
