import type { AccountKind, ApiToken, Language, Permission, Role } from '@watchpost/contracts/api';
import type { ColumnType, Generated } from 'kysely';
import type { Time } from './columns.ts';

interface AccountTable {
  name: string;
  password: string;
  /** Never used again; names may be. */
  id: Generated<string>;
  kind: Generated<AccountKind>;
  display_name: string | null;
  language: Language | null;
  created_at: ColumnType<Date, string | undefined, string>;
  /** To the minute. */
  last_used_at: ColumnType<Date | null, string | null | undefined, string>;
  disabled_at: ColumnType<Date | null, string | null | undefined, string | null>;
  invited_by: string | null;
  invited_by_name: string | null;
  reset_by: string | null;
  reset_by_name: string | null;
}

/** The role of an account on a site; `*` is every site that has no row of its own. */
interface AccountSiteTable {
  account: string;
  site: string;
  role: Role;
  /** Null: the whole site. */
  zones: string[] | null;
}

interface SessionTable {
  /** SHA-256 of the token, hexadecimal. */
  token_hash: string;
  account: string;
  created_at: Time;
  expires_at: Time;
  /** Of requests and of open streams; written once a minute. */
  last_seen_at: Time;
  id: Generated<string>;
  address_group: string | null;
  browser_name: string | null;
  browser_system: string | null;
}

/** A second factor of an account; not yet one while it is not confirmed. */
interface AccountFactorTable {
  id: Generated<string>;
  account: string;
  kind: 'totp' | 'passkey';
  label: string;
  /** By which a passkey is found. */
  credential: string | null;
  /** Sealed with a key of the server. */
  secret: string | null;
  /** What the kind needs besides and is no secret. */
  data: ColumnType<unknown, string | undefined, string>;
  created_at: Time;
  confirmed_at: ColumnType<Date | null, string | null | undefined, string>;
  last_used_at: ColumnType<Date | null, string | null | undefined, string>;
  /** Of time-based codes: the newest step that was used, so that a code counts once. */
  last_step: number | null;
}

interface AccountRecoveryCodeTable {
  account: string;
  /** SHA-256, hexadecimal. */
  code_hash: string;
}

interface AccountIdentityTable {
  issuer: string;
  subject: string;
  account: string;
  created_at: Time;
}

interface ApiTokenTable {
  id: Generated<string>;
  account: string;
  /** SHA-256 of the token, hexadecimal. */
  token_hash: string;
  name: string;
  permissions: Permission[];
  /** Null: wherever the account is. */
  sites: ColumnType<ApiToken['sites'], string | null, never>;
  created_at: Time;
  expires_at: Time;
  last_used_at: ColumnType<Date | null, string | null | undefined, string>;
  created_by: string | null;
  created_by_name: string | null;
  /** Whence it was used: the newest `apiTokenPolicy.addressGroupsAtMost`. */
  address_groups: Generated<string[]>;
}

/** One-time links by which people set their password. */
interface AccountLinkTable {
  /** SHA-256 of its secret, hexadecimal. */
  token_hash: string;
  /** Null: makes the first administrator. */
  account: string | null;
  created_at: Time;
  expires_at: Time;
}

/** Random keys of the server. Secret. */
interface ServerKeyTable {
  name: string;
  value: string;
}

/** Who may do what, and how they prove who they are. */
export interface AccountTables {
  account: AccountTable;
  account_site: AccountSiteTable;
  session: SessionTable;
  account_link: AccountLinkTable;
  account_factor: AccountFactorTable;
  account_identity: AccountIdentityTable;
  account_recovery_code: AccountRecoveryCodeTable;
  api_token: ApiTokenTable;
  server_key: ServerKeyTable;
}
