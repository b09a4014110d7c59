import type { Alert, Disposition, Risk, Severity } from '@watchpost/contracts/alert';
import type {
  AccountKind,
  ApiToken,
  AuditEntry,
  Language,
  ListKind,
  ListState,
  PassPurpose,
  Permission,
  Role,
  SimilarityBand,
} from '@watchpost/contracts/api';
import type { ColumnType, Generated, Kysely } from 'kysely';
import type { ChangeKind } from '../alerts/change-entry.ts';
import type { AlertingPolicy } from '../policy.ts';

type Time = ColumnType<Date, string | Date, string | Date>;
/** JSON goes in as text and comes out parsed, on both drivers. */
type Json<T> = ColumnType<T, string, string>;

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

interface AccountTable {
  name: string;
  password: string;
  /** Never used again; names may be. */
  id: Generated<string>;
  kind: Generated<AccountKind>;
  display_name: string | null;
  language: Language | null;
  created_at: ColumnType<Date, string | undefined, string>;
  /** To the minute. */
  last_used_at: ColumnType<Date | null, string | null | undefined, string>;
  disabled_at: ColumnType<Date | null, string | null | undefined, string | null>;
  invited_by: string | null;
  invited_by_name: string | null;
  reset_by: string | null;
  reset_by_name: string | null;
}

/** The role of an account on a site; `*` is every site that has no row of its own. */
interface AccountSiteTable {
  account: string;
  site: string;
  role: Role;
  /** Null: the whole site. */
  zones: string[] | null;
}

interface SessionTable {
  /** SHA-256 of the token, hexadecimal. */
  token_hash: string;
  account: string;
  created_at: Time;
  expires_at: Time;
  /** Of requests and of open streams; written once a minute. */
  last_seen_at: Time;
  id: Generated<string>;
  address_group: string | null;
  browser_name: string | null;
  browser_system: string | null;
}

/** A second factor of an account; not yet one while it is not confirmed. */
interface AccountFactorTable {
  id: Generated<string>;
  account: string;
  kind: 'totp' | 'passkey';
  label: string;
  /** By which a passkey is found. */
  credential: string | null;
  /** Sealed with a key of the server. */
  secret: string | null;
  /** What the kind needs besides and is no secret. */
  data: ColumnType<unknown, string | undefined, string>;
  created_at: Time;
  confirmed_at: ColumnType<Date | null, string | null | undefined, string>;
  last_used_at: ColumnType<Date | null, string | null | undefined, string>;
  /** Of time-based codes: the newest step that was used, so that a code counts once. */
  last_step: number | null;
}

interface AccountRecoveryCodeTable {
  account: string;
  /** SHA-256, hexadecimal. */
  code_hash: string;
}

interface AccountIdentityTable {
  issuer: string;
  subject: string;
  account: string;
  created_at: Time;
}

interface ApiTokenTable {
  id: Generated<string>;
  account: string;
  /** SHA-256 of the token, hexadecimal. */
  token_hash: string;
  name: string;
  permissions: Permission[];
  /** Null: wherever the account is. */
  sites: ColumnType<ApiToken['sites'], string | null, never>;
  created_at: Time;
  expires_at: Time;
  last_used_at: ColumnType<Date | null, string | null | undefined, string>;
  created_by: string | null;
  created_by_name: string | null;
  /** Whence it was used: the newest `apiTokenPolicy.addressGroupsAtMost`. */
  address_groups: Generated<string[]>;
}

/** One-time links by which people set their password. */
interface AccountLinkTable {
  /** SHA-256 of its secret, hexadecimal. */
  token_hash: string;
  /** Null: makes the first administrator. */
  account: string | null;
  created_at: Time;
  expires_at: Time;
}

/** Random keys of the server. Secret. */
interface ServerKeyTable {
  name: string;
  value: string;
}

/** Decayed incident count of one H3 cell and type, valid at `updated_at`. */
interface PlaceRiskTable {
  site: string;
  cell: string;
  kind: string;
  weight: number;
  first_at: Time;
  updated_at: Time;
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

/** The IANA time zone of a site, for readers with their own connection. */
interface SiteClockTable {
  site: string;
  time_zone: string;
  /** When alerting was last there, and took note of its devices. */
  watched_until: ColumnType<Date | null, string | null | undefined, string>;
  /** What it kept how long when it ran last. */
  kept_days: ColumnType<AlertingPolicy['keptDays'] | null, string | null | undefined, string>;
}

/** The zones of a site as it is described now. */
interface SiteZoneTable {
  site: string;
  zone: string;
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

/** The devices of a site as it is described now. */
interface SiteDeviceTable {
  site: string;
  device: string;
}

/** From `at` on, until the next row of the device. */
interface DeviceStatusTable {
  site: string;
  device: string;
  at: Time;
  status: 'up' | 'down' | 'unknown';
}

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

type Later = ColumnType<Date | null, string | null | undefined, string | null>;

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

/** A pass for a visitor. It names no person. */
interface PassTable {
  site: string;
  /** Its `jti`. */
  id: string;
  iss: string;
  gates: Json<string[]>;
  /** Of its gates when it was issued: who may see it. */
  zones: Json<string[]>;
  purpose: PassPurpose;
  reference: string | null;
  address: string | null;
  not_before: Time;
  not_after: Time;
  max_uses: number;
  /** Counted, and how many of them were too many. */
  uses: Generated<number>;
  over: Generated<number>;
  issued_at: Time;
  /** Account, and its name then. */
  issuer: string;
  issuer_name: string;
  revoked_at: Later;
  revoked_by: string | null;
  revoke_reason: string | null;
}

/** The link to a pass: what is kept of its secret. */
interface PassLinkTable {
  token_hash: string;
  site: string;
  pass: string;
  made_at: Time;
  opened_at: Later;
}

/** One use of a pass at a gate. */
interface PassUseTable {
  site: string;
  gateway: string;
  /** Made by the gateway. */
  id: string;
  iss: string;
  jti: string;
  gate: string;
  at: Time;
  received_at: Time;
  offline: boolean;
  over: boolean;
  proof: number | null;
  /** What is older than this is not needed for counting. */
  pass_end: Time;
}

/** Every table that Watchpost has. */
export interface Database {
  event: EventTable;
  telemetry: TelemetryTable;
  gateway_epoch: GatewayEpochTable;
  gateway_above: GatewayAboveTable;
  gateway_day: GatewayDayTable;
  device_disposition: DeviceDispositionTable;
  late_condition: LateConditionTable;
  late_event_count: LateEventCountTable;
  alert: AlertTable;
  alert_change: AlertChangeTable;
  relay_offset: RelayOffsetTable;
  reject: RejectTable;
  reject_count: RejectCountTable;
  account: AccountTable;
  account_site: AccountSiteTable;
  session: SessionTable;
  account_link: AccountLinkTable;
  account_factor: AccountFactorTable;
  account_identity: AccountIdentityTable;
  account_recovery_code: AccountRecoveryCodeTable;
  api_token: ApiTokenTable;
  server_key: ServerKeyTable;
  place_risk: PlaceRiskTable;
  event_hourly: EventHourlyView;
  site_clock: SiteClockTable;
  site_zone: SiteZoneTable;
  event_hour: EventHourTable;
  site_device: SiteDeviceTable;
  device_status: DeviceStatusTable;
  audit: AuditTable;
  audit_anchor: AuditAnchorTable;
  list_entry: ListEntryTable;
  list_approval: ListApprovalTable;
  list_change: ListChangeTable;
  candidate_count: CandidateCountTable;
  candidate_expected: CandidateExpectedTable;
  pass: PassTable;
  pass_link: PassLinkTable;
  pass_use: PassUseTable;
}

/** The database or an open transaction on it. */
export type Queryable = Kysely<Database>;
