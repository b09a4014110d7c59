import { type Kysely, sql } from 'kysely';

const statements = [
  // A row when the status of a device changes; it holds until the next one of the device.
  sql`create table device_status (
    site text not null,
    device text not null,
    at timestamptz not null,
    status text not null check (status in ('up', 'down', 'unknown')),
    primary key (site, device, at)
  )`,
  sql`create table site_device (site text not null, device text not null, primary key (site, device))`,
  // Alerting was there up to here: what it says of devices holds no longer than this.
  sql`alter table site_clock add column watched_until timestamptz`,
];

/** When devices were up, by what their gateways say of them. */
export async function uptime(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}
