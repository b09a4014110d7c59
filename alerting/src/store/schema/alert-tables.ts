import type { Alert, Disposition, Risk, Severity, Suppression } from '@watchpost/contracts/alert';
import type { ColumnType, Generated } from 'kysely';
import type { ChangeKind } from '../../alerts/change-entry.ts';
import type { SuppressionEnd } from '../../suppression/suppression.ts';
import type { Json, Later, Time } from './columns.ts';

/** How many alerts about one kind of event of a device turned out so; kept by a trigger on `alert`. */
interface DeviceDispositionTable {
  site: string;
  device: string;
  kind: string;
  disposition: Disposition;
  alerts: number;
}

interface AlertTable {
  id: string;
  site: string;
  group_key: string;
  zone: string;
  gateway: string;
  device: string;
  event_type: string;
  /** Kind of event, finer than the type; trust in a device is kept by it. */
  kind: string;
  details: Json<Alert['details']>;
  severity: Severity;
  state: Alert['state'];
  condition: Alert['condition'];
  score: number;
  /** 0 critical … 3 low; made by the database. */
  severity_order: ColumnType<number, never, never>;
  /** `-score`; made by the database. */
  score_order: ColumnType<number, never, never>;
  /** `updated_at` once it is resolved or closed, null before; made by the database. */
  done_at: ColumnType<Date | null, never, never>;
  risk: Json<Risk>;
  event_count: number;
  opened_at: Time;
  last_event_at: Time;
  updated_at: Time;
  acknowledged_by: string | null;
  resolved_by: string | null;
  disposition: Disposition | null;
  version: number;
  /** H3 cell of the map in which it happened; null in rows of before this column. */
  cell: string | null;
  /** Null in rows of before this column. */
  changed_in: Json<NonNullable<Alert['changedIn']>> | null;
  /** How late its first event came, when that was too late to page but for what it says; milliseconds. */
  late_ms: number | null;
  /** Why nobody is told of it now; null where they are. */
  suppressed: Json<readonly Suppression[]> | null;
}

/** What keeps or kept people from being told of an alert, and until when. Goes with the alert. */
interface SuppressionTable {
  site: string;
  alert: string;
  kind: Suppression['kind'];
  ref: string;
  since_at: Time;
  until_at: Later;
  /** Null while it holds. */
  ended_at: Later;
  /** Why it ended; null while it holds. */
  ended_by: SuppressionEnd | null;
}

/** Up to which version a person has seen an alert. Goes with the alert, the account, and its closing. */
interface AlertSeenTable {
  site: string;
  alert: string;
  account: string;
  version: number;
  /** Id of the request that marked it, by which the person takes it back. */
  request: string;
}

/** What happens to alerts. Append-only: a trigger refuses updates and deletions. Decision 36. */
interface AlertChangeTable {
  /** Grows in the order of the commits. */
  position: Generated<number>;
  site: string;
  alert: string;
  /** Null in rows of before this table that did not keep it, like `snapshot`. */
  version: number | null;
  what: ChangeKind;
  /** Of a step its time. */
  at: Time;
  /** From here to `disposition` null where it is no step. */
  from_state: Alert['state'] | null;
  to_state: Alert['state'] | null;
  actor: string | null;
  reason: string | null;
  disposition: Disposition | null;
  /** Id that the client made; a repeat finds the answer of the first time in `snapshot`. */
  request: string | null;
  /** The alert as it was then. */
  snapshot: Json<Alert> | null;
}

/** Up to which position a consumer of the log was told. */
interface RelayOffsetTable {
  site: string;
  consumer: string;
  position: number;
}

/** Alerts and what happens to them. */
export interface AlertTables {
  device_disposition: DeviceDispositionTable;
  alert: AlertTable;
  suppression: SuppressionTable;
  alert_seen: AlertSeenTable;
  alert_change: AlertChangeTable;
  relay_offset: RelayOffsetTable;
}
