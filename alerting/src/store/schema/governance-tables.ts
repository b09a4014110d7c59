import type { AuditEntry, ListKind, ListState, SimilarityBand } from '@watchpost/contracts/api';
import type { ColumnType, Generated } from 'kysely';
import type { Json, Later, Time } from './columns.ts';

/** Who did what, chained. Append-only: a trigger refuses all else but closing its oldest part. */
interface AuditTable {
  /** Without gaps, in the order of the commits. */
  position: number;
  at: Time;
  site: AuditEntry['site'];
  actor: Json<AuditEntry['actor']>;
  action: AuditEntry['action'];
  subject: Json<AuditEntry['subject']>;
  reason: string | null;
  outcome: AuditEntry['outcome'];
  details: Json<AuditEntry['details']>;
  previous: string;
  hash: string;
}

/** Up to which position the log was closed, and the hash of the last entry that is gone. */
interface AuditAnchorTable {
  position: number;
  hash: string;
  /** How many went with this closing. */
  entries: number;
  closed_at: Time;
}

/** An entry of the watch or access list. What says who it is about is empty once it is erased. */
interface ListEntryTable {
  site: string;
  id: string;
  /** Grows with every change. */
  version: number;
  list: ListKind;
  state: ListState;
  label: string;
  legal_basis: string;
  authority: string;
  purpose: string;
  reason: string;
  instruction: string;
  area: Json<string[]>;
  expires: Time;
  review: Time;
  /** How many the enrolment keeps. */
  photos: Generated<number>;
  /** Account that proposed it or changed it last, and its name then. */
  author: string;
  author_name: string;
  created_at: Time;
  updated_at: Time;
  /** When it was active first; null: no gateway ever had it. */
  activated_at: Later;
  /** When it was withdrawn or expired. */
  ended_at: Later;
  erased_at: Later;
  /** When the enrolment had destroyed its photos. */
  removed_at: Later;
}

/** Signatures that hold: any change of the entry takes them away. */
interface ListApprovalTable {
  site: string;
  entry: string;
  account: string;
  name: string;
  at: Time;
}

/** What happened to entries. Append-only: a trigger refuses all else. */
interface ListChangeTable {
  site: string;
  entry: string;
  /** That the change made. */
  version: number;
  at: Time;
  actor: Json<AuditEntry['actor']>;
  what: string;
  from_state: ListState | null;
  to_state: ListState;
}

/** Face candidates by camera, list, similarity and UTC day; nobody stands behind a number. */
interface CandidateCountTable {
  site: string;
  device: string;
  list: ListKind;
  band: SimilarityBand;
  day: ColumnType<Date, string, string>;
  shown: number;
  confirmed: number;
  refused: number;
}

/** What cameras expected of people on no list, while they said so. */
interface CandidateExpectedTable {
  site: string;
  device: string;
  list: ListKind;
  day: ColumnType<Date, string, string>;
  false_candidates: number;
  seconds: number;
}

/** The audit log, the lists and what their candidates came to. */
export interface GovernanceTables {
  audit: AuditTable;
  audit_anchor: AuditAnchorTable;
  list_entry: ListEntryTable;
  list_approval: ListApprovalTable;
  list_change: ListChangeTable;
  candidate_count: CandidateCountTable;
  candidate_expected: CandidateExpectedTable;
}
