import type { Incident, Severity } from '@watchpost/contracts/alert';
import type { Generated } from 'kysely';
import type { Json, Later, Time } from './columns.ts';

/** Alerts of one happening. Decision 68. */
interface IncidentTable {
  site: string;
  /** That of the alert that it began with, unless people made it. */
  id: string;
  version: number;
  concern: Incident['concern'];
  severity: Severity;
  state: Incident['state'];
  /** Nobody is told of any of its unresolved alerts. */
  quiet: Generated<boolean>;
  zones: Json<Incident['zones']>;
  /** How many it has. */
  alerts: number;
  flapping: Generated<number>;
  opened_at: Time;
  updated_at: Time;
  last_member_at: Time;
  closed_at: Later;
  /** The version in which it rose or opened the last time. */
  changed_in: Generated<number>;
  merged_into: string | null;
  /** When people were told of it the last time, or will be. */
  told_at: Later;
  /** Updates that waited for their time. */
  updates: Generated<number>;
}

/** Of which incident an alert is: of one. */
interface IncidentMemberTable {
  site: string;
  alert: string;
  incident: string;
  joined_at: Time;
}

/** What people did with an incident as a whole. */
interface IncidentNoteTable {
  site: string;
  id: string;
  incident: string;
  at: Time;
  what: 'comment' | 'merged' | 'split';
  actor: string;
  text: string | null;
  /** The other incident. */
  other: string | null;
  /** Alerts that were moved. */
  alerts: Generated<number>;
}

/** When the cause of an alert came or went, of the last minutes. */
interface ConditionChangeTable {
  site: string;
  alert: string;
  /** Of the alert, then. */
  version: number;
  at: Time;
}

/** What alerts have in common. */
export interface IncidentTables {
  incident: IncidentTable;
  incident_member: IncidentMemberTable;
  incident_note: IncidentNoteTable;
  condition_change: ConditionChangeTable;
}
