/**
 * Takes JPEGs out of a stream of bytes by their own structure (ITU-T T.81 §B.1.1), whatever stands between
 * them. Boundaries and lengths of multipart streams are not looked at: half of the field’s cameras get them
 * wrong. Memory is bounded by `maxBytes` and one chunk.
 */
export class JpegScanner {
  readonly #maxBytes: number;
  #held: Buffer = Buffer.alloc(0);
  /** Where to go on looking. */
  #at = 0;
  /** Inside the picture’s entropy-coded data, where only markers end it. */
  #scan = false;
  /** Pictures that were too large or broke off. */
  unreadable = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns pictures that are complete now, each from SOI to EOI */
  push(chunk: Buffer): Buffer[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const found: Buffer[] = [];
    for (let picture = this.#next(); picture !== null; picture = this.#next()) found.push(picture);
    if (this.#held.length > this.#maxBytes) this.#giveUp(this.#held.length);
    return found;
  }

  #next(): Buffer | null {
    if (!this.#findStart()) return null;
    for (;;) {
      const end = this.#scan ? this.#skipScan() : this.#skipSegment();
      if (end === 'more') return null;
      if (end === 'broken') {
        // What follows may hold the next start.
        this.#giveUp(2);
        return this.#next();
      }
      if (end !== 'end') continue;
      const picture = Buffer.from(this.#held.subarray(0, this.#at));
      this.#restart(this.#at);
      return picture;
    }
  }

  /** Puts a start marker at the front of what is held. */
  #findStart(): boolean {
    if (this.#at > 0) return true;
    const start = this.#held.indexOf(startMarker);
    if (start < 0) {
      const last = this.#held.at(-1) === 0xff ? 1 : 0;
      this.#held = this.#held.subarray(this.#held.length - last);
      return false;
    }
    this.#held = this.#held.subarray(start);
    this.#at = 2;
    return true;
  }

  #skipSegment(): 'more' | 'broken' | 'end' | 'on' {
    const held = this.#held;
    if (this.#at + 2 > held.length) return 'more';
    if (held[this.#at] !== 0xff) return 'broken';
    const marker = held[this.#at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) this.#at++;
    else if (marker === endOfImage) this.#at += 2;
    else if (marker === startOfImage) return 'broken';
    else if (isBare(marker)) this.#at += 2;
    else {
      if (this.#at + 4 > held.length) return 'more';
      const length = held.readUInt16BE(this.#at + 2);
      if (length < 2) return 'broken';
      if (this.#at + 2 + length > held.length) return 'more';
      this.#at += 2 + length;
      this.#scan = marker === startOfScan;
    }
    return marker === endOfImage ? 'end' : 'on';
  }

  #skipScan(): 'more' | 'broken' | 'end' | 'on' {
    for (;;) {
      const mark = this.#held.indexOf(0xff, this.#at);
      if (mark < 0 || mark + 1 >= this.#held.length) {
        this.#at = mark < 0 ? this.#held.length : mark;
        return 'more';
      }
      const marker = this.#held[mark + 1] ?? 0;
      this.#at = mark;
      if (marker === startOfImage) return 'broken';
      if (marker !== 0 && !(marker >= 0xd0 && marker <= 0xd7) && marker !== 0xff) {
        this.#scan = false;
        return 'on';
      }
      this.#at = marker === 0xff ? mark + 1 : mark + 2;
    }
  }

  #giveUp(bytes: number): void {
    this.unreadable++;
    this.#restart(bytes);
  }

  #restart(from: number): void {
    this.#held = this.#held.subarray(from);
    this.#at = 0;
    this.#scan = false;
  }
}

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const startMarker = Buffer.from([0xff, startOfImage]);
/** Markers without a length: TEM and RST. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
