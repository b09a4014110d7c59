import { type ListEntryRecord, parseListEntryRecord } from '@watchpost/contracts/lists';

/** A complete, made-up record of a list entry that lasts a day. For tests only. */
export function listEntryRecord(
  entry: string,
  list: 'watch' | 'access',
  area: readonly string[],
  nowMs: number,
): ListEntryRecord {
  const at = new Date(nowMs).toISOString();
  return parseListEntryRecord(
    {
      entry,
      list,
      legalBasis: 'made up for a test',
      authority: 'made up',
      purpose: 'test',
      area,
      expires: new Date(nowMs + 86_400_000).toISOString(),
      approvals: [
        { by: 'approver-1', at },
        { by: 'approver-2', at },
      ],
    },
    nowMs,
  );
}
