/** Writes minimal ONNX files (protobuf wire format), so that tests need no model of a third party. */

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
const number = (field: number, value: number) => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: ArrayLike<number>) => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...Array.from(content),
];
const text = (field: number, value: string) => bytes(field, Buffer.from(value));

const shape = (dims: readonly number[]) =>
  bytes(
    2,
    dims.flatMap((dim) => bytes(1, number(1, dim))),
  );
const valueInfo = (name: string, dims: readonly number[]) => [
  ...text(1, name),
  ...bytes(2, bytes(1, [...number(1, 1), ...shape(dims)])),
];
const ints = (name: string, values: readonly number[]) =>
  bytes(5, [...text(1, name), ...values.flatMap((value) => number(8, value)), ...number(20, 7)]);

/**
 * A "recogniser" with 128 numbers: a convolution of two filters with 14 × 14 weights and stride 14 over
 * `[1, 3, 112, 112]`, flattened. Filter `f` weighs channel `c` and pixel `k` by a fixed pseudo-random number.
 */
export function tinyRecogniser(): Uint8Array {
  const weights = Float32Array.from({ length: 2 * 3 * 14 * 14 }, (_, i) => Math.sin(i * i * 0.37));
  const tensor = [
    ...[2, 3, 14, 14].flatMap((dim) => number(1, dim)),
    ...number(2, 1),
    ...text(8, 'w'),
    ...bytes(9, new Uint8Array(weights.buffer)),
  ];
  const conv = [
    ...text(1, 'input'),
    ...text(1, 'w'),
    ...text(2, 'c'),
    ...text(4, 'Conv'),
    ...ints('kernel_shape', [14, 14]),
    ...ints('strides', [14, 14]),
  ];
  const flatten = [...text(1, 'c'), ...text(2, 'output'), ...text(4, 'Flatten')];
  return modelOf([
    ...bytes(1, conv),
    ...bytes(1, flatten),
    ...bytes(5, tensor),
    ...bytes(11, valueInfo('input', [1, 3, 112, 112])),
    ...bytes(12, valueInfo('output', [1, 128])),
  ]);
}

/**
 * `output` [rows, 1] = `rows` [rows, dimension] × `query` [dimension, 1]: what a gallery search would be as a
 * model.
 */
export function matrixProduct(rows: number, dimension: number): Uint8Array {
  const product = [...text(1, 'rows'), ...text(1, 'query'), ...text(2, 'output'), ...text(4, 'MatMul')];
  return modelOf([
    ...bytes(1, product),
    ...bytes(11, valueInfo('rows', [rows, dimension])),
    ...bytes(11, valueInfo('query', [dimension, 1])),
    ...bytes(12, valueInfo('output', [rows, 1])),
  ]);
}

const modelOf = (graph: readonly number[]) =>
  Uint8Array.from([...number(1, 8), ...bytes(7, [...graph, ...text(2, 'tiny')]), ...bytes(8, number(2, 13))]);
