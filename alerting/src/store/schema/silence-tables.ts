import type { Silence, SilenceHours, SilenceMatch } from '@watchpost/contracts/api';
import type { Json, Later, Time } from './columns.ts';

/** What is to be told to nobody for a time, and who wanted that. Decision 71. */
interface SilenceTable {
  site: string;
  id: string;
  version: number;
  purpose: Silence['purpose'];
  match: Json<SilenceMatch>;
  /** Null: all the time. */
  hours: Json<SilenceHours> | null;
  time_zone: string;
  from_at: Time;
  until_at: Time;
  reason: string;
  made_at: Time;
  /** Id of the account. */
  made_by: string;
  made_by_name: string;
  /** Of one that covers danger to life. */
  signed_at: Later;
  signed_by: string | null;
  signed_account: string | null;
  /** Of one that was ended early. */
  ended_at: Later;
  ended_by: string | null;
  ended_account: string | null;
  ended_why: string | null;
}

/** Silences. */
export interface SilenceTables {
  silence: SilenceTable;
}
