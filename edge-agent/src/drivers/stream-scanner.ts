import type { ScanLine } from '@watchpost/contracts/site';
import { backoffMs } from '@watchpost/service';
import { scannerPolicy } from './policy.ts';
import { type Framed, ScanFramer } from './scan-framer.ts';
import { scanText } from './scan-text.ts';
import type { ScannerEvents, TextScanner } from './text-scanner.ts';

/** What a connection tells. After `closed` nothing comes any more. */
export interface StreamEvents {
  opened(): void;
  bytes(chunk: Uint8Array): void;
  closed(): void;
}

/**
 * Opens one connection; the answer closes it and settles when its resources are free. `closed` says that it
 * failed or ended.
 */
export type OpenStream = (on: StreamEvents) => () => Promise<void>;

/**
 * A scanner on a stream of bytes: cuts it into scans, decodes them, and opens the stream again when it ends,
 * after growing pauses.
 */
export class StreamScanner implements TextScanner {
  readonly #open: OpenStream;
  readonly #line: ScanLine;
  #events: ScannerEvents | null = null;
  #framer: ScanFramer;
  #close: (() => Promise<void>) | null = null;
  #closing: Promise<void> = Promise.resolve();
  #attempt = 0;
  #timers: Partial<Record<'retry' | 'opening' | 'silence', NodeJS.Timeout>> = {};

  constructor(open: OpenStream, line: ScanLine) {
    this.#open = open;
    this.#line = line;
    this.#framer = this.#newFramer();
  }

  start(events: ScannerEvents): void {
    this.#end();
    this.#events = events;
    this.#attempt = 0;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#closing;
  }

  /** A character has at most four bytes in all our encodings; prefix, suffix and identifier come on top. */
  #newFramer(): ScanFramer {
    const { framing, maxChars, prefix, suffix } = this.#line;
    return new ScanFramer({ framing, maxBytes: 4 * (maxChars + prefix.length + suffix.length) + 3 });
  }

  #connect(): void {
    const events = this.#events;
    if (!events) return;
    this.#framer = this.#newFramer();
    let over = false;
    const mine = () => !over && this.#events === events;
    this.#set('opening', scannerPolicy.openWithinMs, () => mine() && events.lost());
    const close = this.#open({
      opened: () => {
        if (!mine()) return;
        this.#clear('opening');
        this.#attempt = 0;
        events.up();
      },
      bytes: (chunk) => {
        if (mine()) this.#take(events, chunk);
      },
      closed: () => {
        if (!mine()) return;
        over = true;
        this.#report(events, this.#framer.silence());
        events.lost();
        this.#drop();
        const { retry } = scannerPolicy;
        this.#set(
          'retry',
          backoffMs(this.#attempt++, retry.firstMs, retry.maxMs, Math.random()),
          () =>
            // The old socket must be free before its place is taken again.
            void this.#closing.then(() => this.#events === events && this.#connect()),
        );
      },
    });
    if (mine()) this.#close = close;
    else this.#closing = close();
  }

  #take(events: ScannerEvents, chunk: Uint8Array): void {
    this.#clear('silence');
    this.#report(events, this.#framer.push(chunk));
    if (!this.#framer.unfinished) return;
    const { framing, idleMs } = this.#line;
    this.#set('silence', framing === 'idle' ? idleMs : 10 * idleMs, () =>
      this.#report(events, this.#framer.silence()),
    );
  }

  #report(events: ScannerEvents, framed: readonly Framed[]): void {
    for (const frame of framed) {
      const text = frame.kind === 'scan' ? scanText(frame.bytes, this.#line) : null;
      if (text === null) events.unreadable();
      else events.scanned(text, Date.now());
    }
  }

  #end(): void {
    this.#events = null;
    this.#drop();
  }

  #drop(): void {
    for (const name of ['retry', 'opening', 'silence'] as const) this.#clear(name);
    const close = this.#close;
    this.#close = null;
    if (close) this.#closing = close();
  }

  #set(name: 'retry' | 'opening' | 'silence', ms: number, run: () => void): void {
    this.#clear(name);
    this.#timers[name] = setTimeout(run, ms);
  }

  #clear(name: 'retry' | 'opening' | 'silence'): void {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}
