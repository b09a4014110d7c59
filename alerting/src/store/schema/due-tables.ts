import type { ColumnType, Generated } from 'kysely';
import type { DueKind, DuePayload } from '../../jobs/due-step.ts';
import type { Json, Time } from './columns.ts';

/** Work that has its time: a row is carried out in the transaction that deletes it. Decision 60. */
interface DueTable {
  site: string;
  kind: DueKind;
  key: string;
  /** By the clock of the server. */
  at: Time;
  /** Of what the step was decided on; a step that finds another one does nothing. */
  version: number;
  payload: Json<DuePayload>;
  /**
   * How long it waited in all when it was written, milliseconds; null where `at` is a time of the calendar.
   */
  wait_ms: ColumnType<string | number | null, number | null, number | null>;
  attempts: Generated<number>;
  /** Number of the lease under which it was written; who has an older one changes nothing. */
  fence: Generated<number>;
}

/** What happens at a time. */
export interface DueTables {
  due: DueTable;
}
