/** Bytes of one scan, or why they are none. */
export type Framed =
  | { readonly kind: 'scan'; readonly bytes: Uint8Array }
  | { readonly kind: 'too_long' }
  | { readonly kind: 'unfinished' };

const cr = 13;
const lf = 10;
const tab = 9;
const etx = 3;

/** How scans are told apart in a stream of bytes. */
export interface FramingRule {
  readonly framing: 'line' | 'cr' | 'lf' | 'crlf' | 'tab' | 'etx' | 'idle';
  /**
   * Most bytes that are kept of one scan; what is longer is thrown away to its end and counts as one
   * `too_long`.
   */
  readonly maxBytes: number;
}

/**
 * Cuts a stream into scans, whatever pieces it comes in. Empty scans are dropped. Keeps at most `maxBytes`.
 */
export class ScanFramer {
  readonly #rule: FramingRule;
  readonly #kept: Uint8Array;
  #length = 0;
  #overrun = false;
  #afterCr = false;

  constructor(rule: FramingRule) {
    this.#rule = rule;
    this.#kept = new Uint8Array(rule.maxBytes);
  }

  /** Whether a scan has begun and not ended. */
  get unfinished(): boolean {
    return this.#length > 0 || this.#overrun || (this.#afterCr && this.#rule.framing === 'crlf');
  }

  /** Takes the next bytes of the stream. */
  push(bytes: Uint8Array): Framed[] {
    const framed: Framed[] = [];
    for (const byte of bytes) if (this.#ends(byte)) framed.push(...this.#take());
    return framed;
  }

  /**
   * The stream has been silent or has ended: with `idle` framing that ends a scan, otherwise what was begun
   * is dropped.
   */
  silence(): Framed[] {
    if (!this.unfinished) return [];
    if (this.#rule.framing === 'idle') return this.#take();
    this.#take();
    return [{ kind: 'unfinished' }];
  }

  /** Keeps the byte, or says that a scan ended with it. */
  #ends(byte: number): boolean {
    const { framing } = this.#rule;
    const afterCr = this.#afterCr;
    this.#afterCr = byte === cr;
    switch (framing) {
      case 'line':
        // Whatever a reader is set to. CR LF and ETX CR end one scan, not two: the empty second one is
        // dropped.
        if (byte === cr || byte === lf || byte === tab || byte === etx) return true;
        break;
      case 'tab':
        if (byte === tab) return true;
        break;
      case 'etx':
        if (byte === etx) return true;
        break;
      case 'cr':
        if (byte === cr) return true;
        break;
      case 'lf':
        if (byte === lf) return true;
        break;
      case 'crlf':
        if (afterCr && byte === lf) return true;
        // A CR that no LF follows is part of the scan.
        if (afterCr) this.#keep(cr);
        if (byte === cr) return false;
        break;
      case 'idle':
        break;
    }
    this.#keep(byte);
    return false;
  }

  #keep(byte: number): void {
    if (this.#length < this.#rule.maxBytes) this.#kept[this.#length++] = byte;
    else this.#overrun = true;
  }

  #take(): Framed[] {
    const bytes = this.#kept.slice(0, this.#length);
    const overrun = this.#overrun;
    this.#length = 0;
    this.#overrun = false;
    this.#afterCr = false;
    if (overrun) return [{ kind: 'too_long' }];
    return bytes.length > 0 ? [{ kind: 'scan', bytes }] : [];
  }
}
