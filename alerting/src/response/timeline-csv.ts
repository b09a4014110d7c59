import type { Timeline, TimelineEntry } from '@watchpost/contracts/api';

const columns: readonly (keyof TimelineEntry)[] = [
  ...(['at', 'kind', 'what', 'by', 'department', 'whom', 'severity', 'text'] as const),
];

/**
 * A cell of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it (OWASP,
 * CSV injection): names and notes are written by people.
 */
export function csvCell(value: string | null): string {
  const text = value ?? '';
  const safe = /^[\s\uFEFF]*[=+\-@|\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The timeline as CSV in UTF-8; the mark at its beginning makes Excel read it as such. */
export function timelineCsv({ entries }: Timeline): string {
  const lines = entries.map((entry) => columns.map((column) => csvCell(entry[column])).join(','));
  return `\uFEFF${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}
