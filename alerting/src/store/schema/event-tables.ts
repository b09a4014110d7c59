import type { Risk } from '@watchpost/contracts/alert';
import type { ColumnType, Generated } from 'kysely';
import type { StoredContext } from '../../risk/risk-context.ts';
import type { Json, Time } from './columns.ts';

/** One event that was accepted. Hypertable on `time` (capture time). */
interface EventTable {
  time: Time;
  received_at: Time;
  id: string;
  site: string;
  gateway: string;
  epoch: string;
  seq: number;
  device: string;
  zone: string;
  type: string;
  /** What kind of trouble it points at, by the rule set; lets corroboration look at few rows. */
  concern: string;
  data: Json<unknown>;
  /** Event risk 0–100. */
  risk: number;
  risk_factors: Json<Risk['factors']>;
  rule_set: string;
  /** What was known around it when it was scored; null in rows of before this column. */
  risk_context: Json<StoredContext> | null;
  /** Arrived too late to page anybody. */
  late: boolean;
  /** `time` minus what the gateway's clock said; null when that was taken as it was. */
  clock_offset_ms: number | null;
  alert: string | null;
  traceparent: string | null;
}

/** A late alarm until it is known whether its cause still holds. */
interface LateConditionTable {
  site: string;
  group_key: string;
  gateway: string;
  event: Json<unknown>;
  risk: Json<Risk>;
  received_at: Time;
}

/** Events that came too late to page anybody. */
interface LateEventCountTable {
  site: string;
  gateway: string;
  count: number;
}

/** One measurement. Hypertable on `time`. */
interface TelemetryTable {
  time: Time;
  site: string;
  gateway: string;
  device: string;
  metric: string;
  unit: string | null;
  value: number;
}

/** The contiguous watermark of one life of an outbox. */
interface GatewayEpochTable {
  site: string;
  gateway: string;
  epoch: string;
  seq: number;
  /** How many positions wait in `gateway_above` for a gap to fill. */
  waiting: number;
  first_seen: Time;
  last_seen: Time;
}

/** Handled positions above the watermark. */
interface GatewayAboveTable {
  site: string;
  gateway: string;
  epoch: string;
  seq: number;
}

/**
 * Which positions of an epoch were captured on a UTC day; not every position between them need be one of that
 * day.
 */
interface GatewayDayTable {
  site: string;
  gateway: string;
  epoch: string;
  day: ColumnType<Date, string, string>;
  first_seq: number;
  last_seq: number;
}

interface RejectTable {
  position: Generated<number>;
  id: string;
  received_at: Time;
  site: string;
  topic: string;
  gateway: string | null;
  device: string | null;
  code: string;
  path: string | null;
  bytes: number;
  /** The beginning of the message, for an engineer with database access; no API shows it. */
  payload: Buffer | Uint8Array;
}

interface RejectCountTable {
  site: string;
  code: string;
  count: number;
}

/** Continuous aggregate, or a view with the same columns. */
interface EventHourlyView {
  bucket: Date;
  site: string;
  zone: string;
  type: string;
  events: number;
  risk_sum: number;
  risk_max: number;
}

/** Events by UTC hour, counted when they are stored. */
interface EventHourTable {
  site: string;
  bucket: Time;
  gateway: string;
  zone: string;
  type: string;
  events: number;
}

/** What gateways delivered, and how far. */
export interface EventTables {
  event: EventTable;
  telemetry: TelemetryTable;
  gateway_epoch: GatewayEpochTable;
  gateway_above: GatewayAboveTable;
  gateway_day: GatewayDayTable;
  late_condition: LateConditionTable;
  late_event_count: LateEventCountTable;
  reject: RejectTable;
  reject_count: RejectCountTable;
  event_hourly: EventHourlyView;
  event_hour: EventHourTable;
}
