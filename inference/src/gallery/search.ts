/**
 * Dot product of `query` with the numbers of `rows` from `offset`. Four sums, so that additions do not wait
 * for each other.
 */
export function dotAt(rows: Float32Array, offset: number, query: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const n = query.length & ~3;
  let i = 0;
  for (let at = offset; i < n; i += 4, at += 4) {
    a += (rows[at] as number) * (query[i] as number);
    b += (rows[at + 1] as number) * (query[i + 1] as number);
    c += (rows[at + 2] as number) * (query[i + 2] as number);
    d += (rows[at + 3] as number) * (query[i + 3] as number);
  }
  for (; i < query.length; i++) a += (rows[offset + i] as number) * (query[i] as number);
  return a + b + c + d;
}
