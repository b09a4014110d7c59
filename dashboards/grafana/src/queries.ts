import { eventTypes, systemEventTypes } from '@watchpost/contracts/wire';

/**
 * The questions that the dashboards ask the store, in SQL with Grafana's macros and the variable `site`.
 * They are exported so that a test can run each on a real store.
 */
export interface GrafanaQuery {
  readonly name: GrafanaQueryName;
  /**
   * `time_series`: columns time, metric and one number, which Grafana makes one wide frame; `table`: any
   * columns.
   */
  readonly format: 'time_series' | 'table';
  readonly sql: string;
}

export type GrafanaQueryName =
  | 'alerts_by_severity'
  | 'events_per_hour'
  | 'hour_by_weekday'
  | 'zone_by_time'
  | 'kind_by_zone'
  | 'open_alerts'
  | 'open_by_severity'
  | 'seconds_to_acknowledge'
  | 'dispositions'
  | 'rejects_by_code'
  | 'device_uptime';

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in
const ofSite = 'site in (${site:sqlstring})';
const bySeverity = "array_position(array['critical', 'high', 'medium', 'low'], severity)";

/**
 * The time zone of the axis: that of the site, and of the first in the alphabet of time zones where several
 * are chosen.
 */
const timeZone = `(select coalesce(min(time_zone), 'UTC') from site_clock where ${ofSite})`;
const asked = `asked as (select $__timeFrom()::timestamptz as first_at, $__timeTo()::timestamptz as last_at,
  ${timeZone} as time_zone,
  case when $__timeTo()::timestamptz - $__timeFrom()::timestamptz > interval '14 days' then 'day'
    when $__timeTo()::timestamptz - $__timeFrom()::timestamptz > interval '6 hours' then 'hour'
    else 'minute' end as step)`;
const hours = 'event_hours($__timeFrom()::timestamptz, $__timeTo()::timestamptz)';

/** Columns of the weekdays, Monday first as ISO counts them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** Columns of the kinds of events. */
export const kinds = [...eventTypes, ...systemEventTypes] as const;

const table = (name: GrafanaQueryName, sql: string): GrafanaQuery => ({ name, format: 'table', sql });
const series = (name: GrafanaQueryName, sql: string): GrafanaQuery => ({ name, format: 'time_series', sql });
/** A row of numbers that has no gaps, whatever was counted. */
const columns = (of: readonly string[], condition: (name: string, index: number) => string): string =>
  of
    .map((name, i) => `  coalesce(sum(events) filter (where ${condition(name, i)}), 0)::float8 as "${name}"`)
    .join(',\n');

export const grafanaQueries: readonly GrafanaQuery[] = [
  series(
    'alerts_by_severity',
    `with ${asked}
select date_trunc(step, opened_at, time_zone) as time, severity as metric, count(*) as alerts
from asked, alert where $__timeFilter(opened_at) and ${ofSite}
group by 1, 2 order by 1`,
  ),
  // Whole hours, also the first and the last of the range: the last 15 minutes are part of an hour that began
  // earlier.
  series(
    'events_per_hour',
    `select bucket as time, type as metric, sum(events) as events
from ${hours} where ${ofSite}
group by 1, 2 order by 1`,
  ),
  table(
    'hour_by_weekday',
    `with counted as (
  select extract(isodow from bucket at time zone coalesce(time_zone, 'UTC')) as day,
    extract(hour from bucket at time zone coalesce(time_zone, 'UTC'))::int as hour, sum(events) as events
  from ${hours} left join site_clock using (site) where ${ofSite} group by 1, 2)
select hour,
${columns(weekdays, (_, i) => `day = ${i + 1}`)}
from generate_series(0, 23) as hour left join counted using (hour) group by hour order by hour`,
  ),
  // At least two steps and every zone of the site, so that a quiet site is an empty map and not a missing
  // one.
  series(
    'zone_by_time',
    `with ${asked},
width as (select *, case step when 'day' then 'day' else 'hour' end as cell from asked),
slot as (select distinct date_trunc(cell, at, time_zone) as time
  from width, generate_series(time_bucket('1 hour', first_at),
    greatest(last_at, time_bucket('1 hour', first_at) + interval '1 hour'), interval '1 hour') as at),
counted as (select date_trunc(cell, bucket, time_zone) as time, zone, sum(events) as events
  from width, ${hours} where ${ofSite} group by 1, 2),
place as (select zone from site_zone where ${ofSite} union select zone from counted)
select time, zone as metric, coalesce(events, 0)::float8 as events
from slot cross join place left join counted using (time, zone) order by 1, 2`,
  ),
  table(
    'kind_by_zone',
    `with counted as (select zone, type, sum(events) as events from ${hours} where ${ofSite} group by 1, 2),
place as (select zone from site_zone where ${ofSite} union select zone from counted)
select zone,
${columns(kinds, (kind) => `type = '${kind}'`)}
from place left join counted using (zone) group by zone order by zone`,
  ),
  table(
    'open_alerts',
    `select severity, event_type, zone, device, state, score, event_count, opened_at, last_event_at
from alert where state in ('open', 'acknowledged', 'in_progress') and ${ofSite}
order by ${bySeverity}, last_event_at desc limit 200`,
  ),
  table(
    'open_by_severity',
    `with waiting as (select severity from alert where state = 'open' and ${ofSite})
select severity, count(waiting.severity) as alerts
from unnest(array['critical', 'high', 'medium', 'low']) as severity left join waiting using (severity)
group by severity order by ${bySeverity}`,
  ),
  // Who was never answered counts with the time that it waits already: leaving it out would flatter.
  series(
    'seconds_to_acknowledge',
    `with ${asked}
select date_trunc('day', opened_at, time_zone) as time, severity as metric,
  percentile_cont(0.5) within group (order by extract(epoch from coalesce(answered_at, now()) - opened_at)) as seconds
from asked, alert left join lateral (select min(at) as answered_at from alert_change
  where alert_change.alert = alert.id and to_state = 'acknowledged') as answer on true
where $__timeFilter(opened_at) and ${ofSite}
group by 1, 2 order by 1`,
  ),
  table(
    'dispositions',
    `select disposition, count(*) as alerts
from alert where disposition is not null and $__timeFilter(opened_at) and ${ofSite}
group by disposition order by alerts desc`,
  ),
  series(
    'rejects_by_code',
    `with ${asked}
select date_trunc(step, received_at, time_zone) as time, code as metric, count(*) as rejects
from asked, reject where $__timeFilter(received_at) and ${ofSite}
group by 1, 2 order by 1`,
  ),
  // By what the gateway says of the device: one that is healthy may say nothing for months. Begins with what
  // held at the beginning of the range, and ends where alerting was last there.
  table(
    'device_uptime',
    `with asked as (select $__timeFrom()::timestamptz as first_at, $__timeTo()::timestamptz as last_at),
told as (select site, device, said.* from asked, site_device, lateral (
  (select at, status from device_status where device_status.site = site_device.site
    and device_status.device = site_device.device and at <= first_at order by at desc limit 1)
  union all (select at, status from device_status where device_status.site = site_device.site
    and device_status.device = site_device.device and at > first_at and at < last_at)) as said
  where ${ofSite}),
held as (select site, device, status, extract(epoch from
    least(last_at, lead(at, 1, greatest(at, watched_until)) over (partition by site, device order by at))
    - greatest(first_at, at)) as seconds
  from told join site_clock using (site), asked),
known as (select site, device, sum(seconds) filter (where status = 'up') as up, sum(seconds) as every
  from held where status <> 'unknown' and seconds > 0 group by site, device)
select device, coalesce(up, 0)::float8 / every::float8 as uptime
from site_device left join known using (site, device) where ${ofSite} order by uptime, device`,
  ),
];

export function grafanaQuery(name: GrafanaQueryName): GrafanaQuery {
  const query = grafanaQueries.find((candidate) => candidate.name === name);
  if (!query) throw new Error(`no such query: ${name}`);
  return query;
}

/**
 * Plain SQL as Grafana would send it, for tests without Grafana.
 * @param from first and `to` last instant, RFC 3339; `site` an id of a site (letters, digits, `_`, `-`)
 */
export function expandMacros(query: GrafanaQuery, range: { from: string; to: string; site: string }): string {
  const { from, to, site } = range;
  return (
    query.sql
      .replace(/\$__timeFilter\((\w+)\)/g, `$1 between '${from}' and '${to}'`)
      .replaceAll('$__timeFrom()', `'${from}'`)
      .replaceAll('$__timeTo()', `'${to}'`)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
      .replaceAll('${site:sqlstring}', `'${site}'`)
  );
}
