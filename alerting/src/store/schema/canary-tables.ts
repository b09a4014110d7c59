import type { ColumnType, Generated } from 'kysely';
import type { Time } from './columns.ts';

/** A canary that was committed. Decision 82. */
interface CanaryTable {
  site: string;
  /** `alerting` for those of the service itself. */
  gateway: string;
  id: string;
  /** Which of two is newer, whatever becomes of clocks. */
  position: Generated<number>;
  /** Of the edge agent that sent it. */
  version: string;
  /** When its gateway sends the next. */
  every_ms: number;
  stored_at: ColumnType<Date, string | undefined, string>;
  /** It came out at the end of the chain. */
  told_at: Time | null;
}

/** Proofs that what gateways say comes through. */
export interface CanaryTables {
  canary: CanaryTable;
}
