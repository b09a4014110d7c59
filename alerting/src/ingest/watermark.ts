/**
 * The contiguous watermark of one `(gateway, epoch)`: every position up to and including `seq` is handled.
 * Positions above it that came out of order wait in `above` until the gap before them fills.
 */
export interface Watermark {
  readonly seq: number;
  readonly above: ReadonlySet<number>;
}

/** Of an epoch that was never heard of. */
export const emptyWatermark: Watermark = { seq: 0, above: new Set() };

/** Whether a position was handled before. Exact, so a repeat is harmless whatever time it carries. */
export function isHandled(watermark: Watermark, seq: number): boolean {
  return seq <= watermark.seq || watermark.above.has(seq);
}

/** The watermark after these positions were handled too; repeats change nothing. */
export function advance(watermark: Watermark, handled: Iterable<number>): Watermark {
  const above = new Set(watermark.above);
  for (const seq of handled) if (seq > watermark.seq) above.add(seq);
  let { seq } = watermark;
  while (above.delete(seq + 1)) seq++;
  return { seq, above };
}
