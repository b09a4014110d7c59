import type { Kysely } from 'kysely';
import type { AccountTables } from './schema/account-tables.ts';
import type { AlertTables } from './schema/alert-tables.ts';
import type { ArmingTables } from './schema/arming-tables.ts';
import type { CanaryTables } from './schema/canary-tables.ts';
import type { DueTables } from './schema/due-tables.ts';
import type { DutyTables } from './schema/duty-tables.ts';
import type { EscalationTables } from './schema/escalation-tables.ts';
import type { EventTables } from './schema/event-tables.ts';
import type { GovernanceTables } from './schema/governance-tables.ts';
import type { IncidentTables } from './schema/incident-tables.ts';
import type { LateTables } from './schema/late-tables.ts';
import type { LeaseTables } from './schema/lease-tables.ts';
import type { NoticeTables } from './schema/notice-tables.ts';
import type { PassTables } from './schema/pass-tables.ts';
import type { ResponseTables } from './schema/response-tables.ts';
import type { SilenceTables } from './schema/silence-tables.ts';
import type { SiteTables } from './schema/site-tables.ts';
import type { WarningTables } from './schema/warning-tables.ts';

/** Every table that Watchpost has. */
export interface Database
  extends EventTables,
    AlertTables,
    ArmingTables,
    IncidentTables,
    AccountTables,
    CanaryTables,
    SiteTables,
    SilenceTables,
    GovernanceTables,
    PassTables,
    DueTables,
    DutyTables,
    NoticeTables,
    ResponseTables,
    LateTables,
    LeaseTables,
    WarningTables,
    EscalationTables {}

/** The database or an open transaction on it. */
export type Queryable = Kysely<Database>;
