import { createHash } from 'node:crypto';

/** The id of a notice that is in no table: the same UUID for the same text (RFC 9562, version 8). */
export function noticeIdOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
