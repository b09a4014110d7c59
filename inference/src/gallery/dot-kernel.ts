/**
 * The inner loop of the search as WebAssembly SIMD, assembled here byte by byte (WebAssembly core
 * specification 2.0, section 5) so that there is no build step and no binary in the repository.
 *
 * `dots(rows, count, query, out, rowBytes)`, all byte addresses: `out[i] = Σ rows[i][k] · query[k]` in single
 * precision, in 16 partial sums. `rowBytes` is a multiple of 64.
 */
export type Dots = (rows: number, count: number, query: number, out: number, rowBytes: number) => void;

const i32 = 0x7f;
const v128 = 0x7b;
const get = (index: number) => [0x20, index];
const set = (index: number) => [0x21, index];
const tee = (index: number) => [0x22, index];
/** Signed LEB128 of −64 … 8191. */
const constant = (value: number) => [0x41, ...(value < 64 ? [value] : [(value & 0x7f) | 0x80, value >> 7])];
const add = [0x6a];
const subtract = [0x6b];
const lessUnsigned = [0x49];
const isZero = [0x45];
const load = (offset: number) => [0xfd, 0x00, 4, offset];
const multiplyFloats = [0xfd, 0xe6, 0x01];
const addFloats = [0xfd, 0xe4, 0x01];
const lane = (index: number) => [0xfd, 0x1f, index];
const zeros = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const loop = [0x03, 0x40];
const block = [0x02, 0x40];
const end = [0x0b];
const branch = (depth: number) => [0x0c, depth];
const branchIf = (depth: number) => [0x0d, depth];
const addFloat = [0x92];
const storeFloat = [0x38, 2, 0];

// Parameters, then locals.
const [rows, count, query, out, rowBytes, q, rowEnd, sums] = [0, 1, 2, 3, 4, 5, 6, 7];

const step = (index: number, by: number) => [...get(index), ...constant(by), ...add, ...set(index)];
const four = [0, 1, 2, 3];

const body = [
  ...block,
  ...loop,
  ...get(count),
  ...isZero,
  ...branchIf(1),
  ...four.flatMap((i) => [...zeros, ...set(sums + i)]),
  ...get(query),
  ...set(q),
  ...get(rows),
  ...get(rowBytes),
  ...add,
  ...set(rowEnd),
  ...loop,
  ...four.flatMap((i) => [
    ...get(sums + i),
    ...get(rows),
    ...load(16 * i),
    ...get(q),
    ...load(16 * i),
    ...multiplyFloats,
    ...addFloats,
    ...set(sums + i),
  ]),
  ...step(q, 64),
  ...get(rows),
  ...constant(64),
  ...add,
  ...tee(rows),
  ...get(rowEnd),
  ...lessUnsigned,
  ...branchIf(0),
  ...end,
  ...get(out),
  ...get(sums),
  ...get(sums + 1),
  ...addFloats,
  ...get(sums + 2),
  ...addFloats,
  ...get(sums + 3),
  ...addFloats,
  ...set(sums),
  ...four.flatMap((i) => [...get(sums), ...lane(i), ...(i > 0 ? addFloat : [])]),
  ...storeFloat,
  ...step(out, 4),
  ...get(count),
  ...constant(1),
  ...subtract,
  ...set(count),
  ...branch(0),
  ...end,
  ...end,
  ...end,
];

const leb = (value: number): number[] =>
  value < 128 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >> 7)];
const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content];
const text = (value: string) => [value.length, ...Buffer.from(value)];
const code = [2, 2, i32, 4, v128, ...body];

const binary = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
  ...section(2, [1, ...text('env'), ...text('memory'), 0x02, 0x00, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...text('dots'), 0x00, 0]),
  ...section(10, [1, ...leb(code.length), ...code]),
]);

let compiled: WebAssembly.Module | null = null;

/** The kernel over a memory. */
export function instantiateDots(memory: WebAssembly.Memory): Dots {
  compiled ??= new WebAssembly.Module(binary);
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports.dots as Dots;
}
