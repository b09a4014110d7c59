import type { Json, Time } from './columns.ts';

/** What came late of one gateway. */
export interface LateGateway {
  readonly gateway: string;
  /** RFC 3339: from the first event until the first of them came. */
  readonly from: string;
  readonly to: string;
  /** By the name of the text for the kind, most first. */
  readonly kinds: readonly { readonly term: string; readonly events: number }[];
}

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
