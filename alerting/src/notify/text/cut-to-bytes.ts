const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A text of at most so many bytes of UTF-8; one that is longer ends in `…`, between two characters as people
 * see them.
 */
export function cutToBytes(text: string, atMost: number): string {
  if (Buffer.byteLength(text) <= atMost) return text;
  const mark = '…';
  let left = atMost - Buffer.byteLength(mark);
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept + mark;
}
