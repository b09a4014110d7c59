import type { ColumnType } from 'kysely';
import type { AlertingPolicy } from '../../policy.ts';
import type { Time } from './columns.ts';

/** Decayed incident count of one H3 cell and type, valid at `updated_at`. */
interface PlaceRiskTable {
  site: string;
  cell: string;
  kind: string;
  weight: number;
  first_at: Time;
  updated_at: Time;
}

/** The IANA time zone of a site, for readers with their own connection. */
interface SiteClockTable {
  site: string;
  time_zone: string;
  /** When alerting was last there, and took note of its devices. */
  watched_until: ColumnType<Date | null, string | null | undefined, string>;
  /** What it kept how long when it ran last. */
  kept_days: ColumnType<AlertingPolicy['keptDays'] | null, string | null | undefined, string>;
}

/** The zones of a site as it is described now. */
interface SiteZoneTable {
  site: string;
  zone: string;
}

/** The devices of a site as it is described now. */
interface SiteDeviceTable {
  site: string;
  device: string;
}

/** From `at` on, until the next row of the device. */
interface DeviceStatusTable {
  site: string;
  device: string;
  at: Time;
  status: 'up' | 'down' | 'unknown';
}

/** Where somebody stands who sets a site up. */
interface SiteSetupTable {
  site: string;
  step: string;
  choices: Record<string, string | number | boolean>;
  saved_at: Time;
}

/** The sites as they are described now, and the risk of their places. */
export interface SiteTables {
  place_risk: PlaceRiskTable;
  site_clock: SiteClockTable;
  site_zone: SiteZoneTable;
  site_device: SiteDeviceTable;
  device_status: DeviceStatusTable;
  site_setup: SiteSetupTable;
}
