/** One message of events and the last of them. */
export interface Batch {
  readonly payload: string;
  readonly lastSeq: number;
}

/**
 * The longest run from the start of `events` that fits one message: one event alone, several as an array.
 * The first always goes, so that an oversized event cannot stop the queue (the broker will refuse and count
 * it).
 */
export function makeBatch(
  events: readonly { readonly seq: number; readonly json: string }[],
  limits: { readonly events: number; readonly bytes: number },
): Batch | null {
  const [first, ...rest] = events;
  if (!first) return null;
  const parts = [first.json];
  let lastSeq = first.seq;
  let bytes = Buffer.byteLength(first.json) + 2;
  for (const { seq, json } of rest) {
    bytes += Buffer.byteLength(json) + 1;
    if (parts.length >= limits.events || bytes > limits.bytes) break;
    parts.push(json);
    lastSeq = seq;
  }
  return { payload: parts.length === 1 ? first.json : `[${parts.join(',')}]`, lastSeq };
}
