import type { Queryable } from '../store/schema.ts';
import { anchorOf, entriesAfter, headOf } from './audit-log.ts';
import { auditPolicy } from './policy.ts';

/**
 * The log up to its head of now, as `watchpost audit export` writes it and `watchpost audit verify FILE`
 * follows it: lines of JSON, of which the first says what stands before the first entry.
 */
export async function* exportedLines(db: Queryable): AsyncGenerator<string> {
  const anchor = await anchorOf(db);
  const head = await headOf(db);
  yield `${JSON.stringify({ anchor })}\n`;
  for (let after = anchor.position; after < head.position; ) {
    const entries = await entriesAfter(db, after, auditPolicy.pageEntries);
    const shown = entries.filter(({ position }) => position <= head.position);
    const last = shown.at(-1);
    if (!last) return;
    yield shown.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    after = last.position;
  }
}
