import type { ColumnType } from 'kysely';
import type { Time } from './columns.ts';

/** A service of this database that is alive. Decision 76. */
interface AlertingServiceTable {
  name: string;
  /** Of this run of it. */
  id: string;
  until: Time;
}

/** Who speaks for a gateway. Decision 76. */
interface GatewayLeaseTable {
  site: string;
  gateway: string;
  /** A run of a service; null while nobody has it. */
  holder: string | null;
  /** Grows with each holder: who has an older one commits nothing. */
  fence: ColumnType<number, number | undefined, number>;
  /** By the clock of the database. */
  until: Time;
}

/** Several services on one database. */
export interface LeaseTables {
  alerting_service: AlertingServiceTable;
  gateway_lease: GatewayLeaseTable;
}
