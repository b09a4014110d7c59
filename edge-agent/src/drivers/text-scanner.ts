/** What a code reader tells the agent. */
export interface ScannerEvents {
  /** The reader can be heard. */
  up(): void;
  /** It cannot any more, or could not in time; the scanner tries again by itself. */
  lost(): void;
  /** Somebody held a code in front of it. The text is hostile until routed. */
  scanned(text: string, timeMs: number): void;
  /** Bytes came that are no scan. */
  unreadable(): void;
}

/** A code reader that sends texts, whatever it hangs on. Owns its connection and timers. */
export interface TextScanner {
  /** Begins, or begins again, to listen; never throws for a device that is not there. */
  start(events: ScannerEvents): void;
  /** Ends the connection and every timer; no event comes afterwards. */
  stop(): Promise<void>;
  /** Only of a simulated reader: does one action by hand. @throws WatchpostError `wire.schema` */
  trigger?(action: string, value: number | undefined): void;
}
