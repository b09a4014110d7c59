import type { ArmingPhase, ArmingStep } from '@watchpost/contracts/api';
import type { ArmingMode } from '@watchpost/contracts/site';
import type { StoredEvent } from '@watchpost/contracts/wire';
import type { AreaState } from '../../arming/area-state.ts';
import type { Json, Time } from './columns.ts';

/** How an area is armed. Decision 81. */
interface ArmingAreaTable {
  site: string;
  area: string;
  version: number;
  phase: ArmingPhase;
  state: Json<AreaState>;
}

/** What happened to an area. */
interface ArmingStepTable {
  site: string;
  /** Made by the client, so that a repeat is known. */
  id: string;
  area: string;
  version: number;
  at: Time;
  step: ArmingStep['step'];
  phase: ArmingPhase;
  mode: ArmingMode | null;
  by_name: string | null;
  /** Id of the account. */
  by_account: string | null;
  devices: Json<readonly string[]>;
  late_ms: number;
}

/** What a device of an area said last of one of its states. */
interface DeviceConditionTable {
  site: string;
  device: string;
  /** `door`, `cover` … */
  kind: string;
  active: boolean;
  /** Capture time. */
  at: Time;
  received_at: Time;
  event: Json<StoredEvent>;
}

/** Codes with which somebody disarms, in the stored form of passwords. */
interface ArmingCodeTable {
  account: string;
  code: string;
  /** Disarms too, and tells that somebody was forced to. */
  duress: string | null;
  set_at: Time;
}

/** Arming. */
export interface ArmingTables {
  arming_area: ArmingAreaTable;
  arming_step: ArmingStepTable;
  device_condition: DeviceConditionTable;
  arming_code: ArmingCodeTable;
}
