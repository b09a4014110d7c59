import type { LateGateway } from '../late-digest-store.ts';
import type { Json, Time } from './columns.ts';

/** Events of a gateway that came late, of one kind, and are told of in the next digest. Decision 83. */
interface LateCountedTable {
  site: string;
  gateway: string;
  /** Name of the text for the kind. */
  term: string;
  events: number;
  /** When the first of them happened … */
  first_at: Time;
  /** … and came. */
  came_first: Time;
  came_last: Time;
}

/** What was told together. */
interface LateDigestTable {
  site: string;
  id: string;
  made_at: Time;
  gateways: Json<readonly LateGateway[]>;
}

/** Late events, as people are told of them. */
export interface LateTables {
  late_counted: LateCountedTable;
  late_digest: LateDigestTable;
}
