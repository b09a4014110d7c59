import type { WarningState } from '@watchpost/contracts/api';
import type { WarningSeverity } from '@watchpost/contracts/wire';
import type { Generated } from 'kysely';
import type { CapMessage } from '../../notify/cap/cap-message.ts';
import type { Json, Time } from './columns.ts';

/** Whom of those that send warnings somebody accepted or refused. */
interface WarningSenderTable {
  site: string;
  sender: string;
  state: 'accepted' | 'refused';
  at: Time;
}

/** A message of CAP 1.2 that came in. Decision 85. */
interface WarningMessageTable {
  site: string;
  id: string;
  sender: string;
  identifier: string;
  sent: Time;
  received_at: Time;
  state: WarningState;
  /** The first message of those that follow each other: the alert is about that. */
  warning: string;
  /** It is the newest of its warning, and that is not over. */
  holds: Generated<boolean>;
  expires_at: Time;
  severity: WarningSeverity;
  text: string;
  area: string;
  signed: boolean;
  message: Json<CapMessage>;
}

/** Public warnings. */
export interface WarningTables {
  warning_sender: WarningSenderTable;
  warning_message: WarningMessageTable;
}
