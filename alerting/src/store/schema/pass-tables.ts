import type { PassPurpose } from '@watchpost/contracts/api';
import type { Generated } from 'kysely';
import type { Json, Later, Time } from './columns.ts';

/** A pass for a visitor. It names no person. */
interface PassTable {
  site: string;
  /** Its `jti`. */
  id: string;
  iss: string;
  gates: Json<string[]>;
  /** Of its gates when it was issued: who may see it. */
  zones: Json<string[]>;
  purpose: PassPurpose;
  reference: string | null;
  address: string | null;
  not_before: Time;
  not_after: Time;
  max_uses: number;
  /** Counted, and how many of them were too many. */
  uses: Generated<number>;
  over: Generated<number>;
  issued_at: Time;
  /** Account, and its name then. */
  issuer: string;
  issuer_name: string;
  revoked_at: Later;
  revoked_by: string | null;
  revoke_reason: string | null;
  /** Since a restore: it opens nothing until somebody confirms it. */
  held_at: Later;
}

/** The link to a pass: what is kept of its secret. */
interface PassLinkTable {
  token_hash: string;
  site: string;
  pass: string;
  made_at: Time;
  opened_at: Later;
}

/** One use of a pass at a gate. */
interface PassUseTable {
  site: string;
  gateway: string;
  /** Made by the gateway. */
  id: string;
  iss: string;
  jti: string;
  gate: string;
  at: Time;
  received_at: Time;
  offline: boolean;
  over: boolean;
  proof: number | null;
  /** What is older than this is not needed for counting. */
  pass_end: Time;
}

/** An address plate: public, so its code may stand here. */
interface PlateTable {
  site: string;
  id: string;
  zone: string;
  address: string;
  name: string;
  text: string;
  issued_at: Time;
  /** Account, and its name then. */
  issuer: string;
  issuer_name: string;
  retired_at: Later;
  retired_by: string | null;
  retire_reason: string | null;
}

/** Passes and their uses, and address plates. */
export interface PassTables {
  pass: PassTable;
  pass_link: PassLinkTable;
  pass_use: PassUseTable;
  plate: PlateTable;
}
