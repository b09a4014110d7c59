import type {
  DutyCalendarYear,
  DutyException,
  DutyLayer,
  DutyRota,
  DutyShift,
  HandoverReport,
} from '@watchpost/contracts/api';
import type { Generated } from 'kysely';
import type { Json, Later, Time } from './columns.ts';

interface DutyRotaTable {
  site: string;
  id: string;
  version: number;
  name: string;
  /** Null: the whole site. */
  zones: Json<string[]> | null;
  time_zone: string;
  coverage: DutyRota['coverage'];
  holidays: boolean;
  layers: Json<DutyLayer[]>;
  made_at: Time;
  /** After it ended nobody is on duty by it. */
  ended_at: Later;
}

/** Part of an exception as it is kept: instants and an account. */
export interface KeptPart {
  readonly from: string;
  readonly until: string;
  readonly person: string;
}

/** An override, a temporary schedule or a swap. */
interface DutyExceptionTable {
  site: string;
  id: string;
  rota: string;
  kind: DutyException['kind'];
  state: DutyException['state'];
  from_at: Time;
  until_at: Time;
  parts: Json<KeptPart[]>;
  /** Of a swap: who has to answer. */
  asked: string | null;
  reason: string;
  made_at: Time;
  made_by: string;
  made_by_name: string;
  ended_at: Later;
  ended_by: string | null;
}

/** Shifts that were and those ahead, as they are shown; who is on duty is computed. */
interface DutyShiftTable {
  site: string;
  rota: string;
  from_at: Time;
  until_at: Time;
  person: string;
  cause: DutyShift['cause'];
  /** Of a rotation the name of its layer, else the id of the exception. */
  source: string;
}

/** The holidays of a site. */
interface DutyCalendarTable {
  site: string;
  version: Generated<number>;
  base: 'none' | 'china';
  years: Json<DutyCalendarYear[]>;
  changed_at: Time;
}

/** What one shift left to the next. */
interface DutyHandoverTable {
  site: string;
  id: string;
  rota: string;
  at: Time;
  shift_from: Time;
  shift_until: Time;
  giver: string;
  giver_name: string;
  taker: string;
  /** Of then once it is signed. */
  taker_name: string;
  notes: string;
  remark: Generated<string>;
  report: Json<HandoverReport>;
  signed_at: Later;
}

/** Rotas and what is planned by them. */
export interface DutyTables {
  duty_rota: DutyRotaTable;
  duty_exception: DutyExceptionTable;
  duty_shift: DutyShiftTable;
  duty_calendar: DutyCalendarTable;
  duty_handover: DutyHandoverTable;
}
