/**
 * The questions that the dashboards ask the store, in SQL with Grafana's macros and the variable `site`.
 * They are exported so that a test can run each on a real store.
 */
export interface GrafanaQuery {
  readonly name: GrafanaQueryName;
  /** `time_series`: columns time, metric and one number; `table`: any columns. */
  readonly format: 'time_series' | 'table';
  readonly sql: string;
}

export type GrafanaQueryName =
  | 'alerts_by_severity'
  | 'events_per_hour'
  | 'open_alerts'
  | 'open_by_severity'
  | 'seconds_to_acknowledge'
  | 'dispositions'
  | 'rejects_by_code'
  | 'device_uptime';

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in
const ofSite = 'site in (${site:sqlstring})';
const bySeverity = "array_position(array['critical', 'high', 'medium', 'low'], severity)";

const table = (name: GrafanaQueryName, sql: string): GrafanaQuery => ({ name, format: 'table', sql });
const series = (name: GrafanaQueryName, sql: string): GrafanaQuery => ({ name, format: 'time_series', sql });

export const grafanaQueries: readonly GrafanaQuery[] = [
  series(
    'alerts_by_severity',
    `select $__timeGroup(opened_at, $__interval) as time, severity as metric, count(*) as alerts
from alert where $__timeFilter(opened_at) and ${ofSite}
group by 1, 2 order by 1`,
  ),
  series(
    'events_per_hour',
    `select bucket as time, type as metric, sum(events) as events
from event_hourly where $__timeFilter(bucket) and ${ofSite}
group by 1, 2 order by 1`,
  ),
  table(
    'open_alerts',
    `select severity, event_type, zone, device, state, score, event_count, opened_at, last_event_at
from alert where state in ('open', 'acknowledged', 'in_progress') and ${ofSite}
order by ${bySeverity}, last_event_at desc limit 200`,
  ),
  table(
    'open_by_severity',
    `select severity, count(*) filter (where state = 'open' and ${ofSite}) as alerts
from (select state, site, severity from alert
  union all select null, null, unnest(array['critical', 'high', 'medium', 'low'])) as every
group by severity order by ${bySeverity}`,
  ),
  series(
    'seconds_to_acknowledge',
    `select $__timeGroup(opened_at, '1d') as time, severity as metric,
  percentile_cont(0.5) within group (order by extract(epoch from acknowledged_at - opened_at)) as seconds
from alert join (select alert, min(time) as acknowledged_at from alert_transition
  where to_state = 'acknowledged' group by alert) as first on first.alert = alert.id
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
    `select $__timeGroup(received_at, $__interval) as time, code as metric, count(*) as rejects
from reject where $__timeFilter(received_at) and ${ofSite}
group by 1, 2 order by 1`,
  ),
  // A device that says something in five minutes was up in them: the store keeps what devices said, not their state.
  table(
    'device_uptime',
    `select device,
  count(distinct $__timeGroup(time, '5m'))
    / greatest(1.0, ceil(extract(epoch from $__timeTo()::timestamptz - $__timeFrom()::timestamptz) / 300)) as uptime
from (select device, time from telemetry where $__timeFilter(time) and ${ofSite}
  union all select device, time from event where $__timeFilter(time) and ${ofSite}) as heard
group by device order by uptime, device`,
  ),
];

export function grafanaQuery(name: GrafanaQueryName): GrafanaQuery {
  const query = grafanaQueries.find((candidate) => candidate.name === name);
  if (!query) throw new Error(`no such query: ${name}`);
  return query;
}

const intervals: Readonly<Record<string, string>> = { "'1d'": '1 day', "'5m'": '5 minutes' };

/**
 * Plain SQL as Grafana would send it with `timescaledb: true`, for tests without Grafana.
 * @param from first and `to` last instant, RFC 3339; `site` an id of a site (letters, digits, `_`, `-`)
 */
export function expandMacros(query: GrafanaQuery, range: { from: string; to: string; site: string }): string {
  const { from, to, site } = range;
  return (
    query.sql
      .replace(/\$__timeGroup\((\w+), ([^)]+)\)/g, (_, column: string, width: string) => {
        return `time_bucket('${intervals[width] ?? '1 hour'}', ${column})`;
      })
      .replace(/\$__timeFilter\((\w+)\)/g, `$1 between '${from}' and '${to}'`)
      .replaceAll('$__timeFrom()', `'${from}'`)
      .replaceAll('$__timeTo()', `'${to}'`)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
      .replaceAll('${site:sqlstring}', `'${site}'`)
  );
}
