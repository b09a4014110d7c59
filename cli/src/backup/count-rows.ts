/**
 * The same chunks, counted: rows in the text form of COPY each end with a line feed, and hold no other one.
 * `rows` is asked when all chunks have come.
 */
export function countRows(chunks: AsyncIterable<Uint8Array>): {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly rows: () => number;
} {
  let rows = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
      yield chunk;
    }
  }
  return { chunks: counted(), rows: () => rows };
}
