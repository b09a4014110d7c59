import type { StoredEntry } from '../store/list-store.ts';

const columns = {
  site: ({ site }: StoredEntry) => site,
  entry: ({ id }: StoredEntry) => id,
  list: ({ list }: StoredEntry) => list,
  state: ({ state }: StoredEntry) => state,
  label: ({ label }: StoredEntry) => label,
  legal_basis: ({ legalBasis }: StoredEntry) => legalBasis,
  authority: ({ authority }: StoredEntry) => authority,
  purpose: ({ purpose }: StoredEntry) => purpose,
  area: ({ area }: StoredEntry) => area.join(' '),
  expires: ({ expires }: StoredEntry) => expires,
  review: ({ review }: StoredEntry) => review,
  proposed_by: ({ author }: StoredEntry) => author.name,
  approved_by: ({ approvals }: StoredEntry) => approvals.map(({ name }) => name).join(', '),
};

/**
 * A cell of a CSV file (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe
 * (OWASP, CSV injection).
 */
export function csvCell(text: string): string {
  const plain = /^[\s\uFEFF]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Entries as CSV in UTF-8, with a byte order mark for spreadsheets: labels and records, never photos. */
export function entriesAsCsv(entries: readonly StoredEntry[]): string {
  const lines = entries.map((entry) => Object.values(columns).map((of) => csvCell(of(entry))));
  return `\u{FEFF}${[Object.keys(columns), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('')}`;
}
