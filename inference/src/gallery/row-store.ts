import { type Dots, instantiateDots } from './dot-kernel.ts';

const pageBytes = 65_536;
/** Rows per call of the kernel; their results stay in the processor's cache. */
const blockRows = 2048;

/**
 * Vectors of one length, contiguous in a WebAssembly memory. Layout: query, results of a block, rows. Rows
 * are padded with zeros to a multiple of 16 numbers. Views are taken anew after every growth, because growing
 * detaches them.
 */
export class RowStore {
  readonly #dimension: number;
  readonly #rowBytes: number;
  readonly #start: number;
  readonly #memory: WebAssembly.Memory;
  readonly #dots: Dots;
  #numbers: Float32Array;

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#rowBytes = Math.ceil(dimension / 16) * 64;
    this.#start = this.#rowBytes + blockRows * 4;
    this.#memory = new WebAssembly.Memory({
      initial: Math.ceil((this.#start + 8 * this.#rowBytes) / pageBytes),
    });
    this.#dots = instantiateDots(this.#memory);
    this.#numbers = new Float32Array(this.#memory.buffer);
  }

  /** Writes row `index`, growing as needed by half. */
  set(index: number, vector: Float32Array): void {
    const missing = this.#start + (index + 1) * this.#rowBytes - this.#memory.buffer.byteLength;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(Math.max(missing, this.#memory.buffer.byteLength / 2) / pageBytes));
      this.#numbers = new Float32Array(this.#memory.buffer);
    }
    this.#numbers.set(vector, this.#at(index));
  }

  /** A copy of row `index`. */
  get(index: number): Float32Array {
    return this.#numbers.slice(this.#at(index), this.#at(index) + this.#dimension);
  }

  /** Overwrites row `index` with zeros. */
  clear(index: number): void {
    this.#numbers.fill(0, this.#at(index), this.#at(index) + this.#dimension);
  }

  /**
   * Calls `visit` with the dot product (single precision) of `query` and each of the first `count` rows, in
   * order.
   */
  dots(query: Float32Array, count: number, visit: (row: number, dot: number) => void): void {
    this.#numbers.set(query, 0);
    const results = this.#rowBytes / 4;
    for (let first = 0; first < count; first += blockRows) {
      const n = Math.min(blockRows, count - first);
      this.#dots(this.#start + first * this.#rowBytes, n, 0, this.#rowBytes, this.#rowBytes);
      for (let i = 0; i < n; i++) visit(first + i, this.#numbers[results + i] as number);
    }
    this.#numbers.fill(0, 0, results);
  }

  #at(index: number): number {
    return (this.#start + index * this.#rowBytes) / 4;
  }
}
