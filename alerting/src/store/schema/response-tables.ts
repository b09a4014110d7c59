import type { IncidentConcern } from '@watchpost/contracts/alert';
import type { DepartmentKind, TaskState } from '@watchpost/contracts/api';
import type { Json, Later, Time } from './columns.ts';

interface DepartmentTable {
  site: string;
  id: string;
  version: number;
  kind: DepartmentKind;
  name: string;
  /** Null: the whole site. */
  zones: Json<string[]> | null;
  /** Null: anything. */
  concerns: Json<IncidentConcern[]> | null;
  receiver: string | null;
  /** Accounts. */
  dispatchers: Json<string[]>;
  made_at: Time;
  ended_at: Later;
}

interface ResponseUnitTable {
  site: string;
  id: string;
  department: string;
  version: number;
  name: string;
  duty: 'rotas' | 'always';
  /** Accounts. */
  members: Json<string[]>;
  made_at: Time;
  ended_at: Later;
}

/** An incident that was offered to a department; at most one that has not ended. */
interface ResponseOfferTable {
  site: string;
  id: string;
  version: number;
  subject: string;
  department: string;
  note: string;
  offered_at: Time;
  offered_by: string;
  offered_by_name: string;
  acknowledged_at: Later;
  acknowledged_by_name: string | null;
  ended_at: Later;
  ended_by_name: string | null;
  end_reason: string | null;
}

interface ResponseTaskTable {
  site: string;
  id: string;
  version: number;
  offer: string;
  unit: string;
  state: TaskState;
  since: Time;
  offered_at: Time;
  offered_by_name: string;
}

/** One step of a task; never changed. */
interface ResponseStepTable {
  site: string;
  task: string;
  version: number;
  at: Time;
  /** Null: it was offered. */
  from_state: TaskState | null;
  to_state: TaskState;
  by_name: string;
  reason: string | null;
  /** By which the client asked for it. */
  request: string;
}

/** That somebody agrees to be seen, and where they are now; no track. */
interface OfficerPositionTable {
  site: string;
  account: string;
  consented_at: Time;
  latitude: number | null;
  longitude: number | null;
  accuracy_m: number | null;
  received_at: Later;
}

/** How departments answer together. */
export interface ResponseTables {
  department: DepartmentTable;
  response_unit: ResponseUnitTable;
  response_offer: ResponseOfferTable;
  response_task: ResponseTaskTable;
  response_step: ResponseStepTable;
  officer_position: OfficerPositionTable;
}
