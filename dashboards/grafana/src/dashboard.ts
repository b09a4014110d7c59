import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  GraphDrawStyle,
  LegendDisplayMode,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableCellDisplayMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Language } from '@watchpost/contracts/api';
import { datasource } from './datasource.ts';
import { type GrafanaQueryName, grafanaQuery } from './queries.ts';
import { dashboardTexts } from './texts.ts';

/**
 * The foundation SDK has no query builder for PostgreSQL; this is the data source's own shape of a raw query.
 */
function target(name: GrafanaQueryName): Builder<Dataquery> {
  const query = grafanaQuery(name);
  const built = {
    refId: 'A',
    datasource,
    editorMode: 'code',
    format: query.format,
    rawQuery: true,
    rawSql: query.sql,
  };
  return { build: () => built as unknown as Dataquery };
}

/** The console's severity colours, so that a colour means the same everywhere. */
const severityColours = { critical: '#ff6b62', high: '#ffa14a', medium: '#f3d350', low: '#7bb8ff' } as const;

const colour = (fixedColor: string): DynamicConfigValue[] => [
  { id: 'color', value: { mode: 'fixed', fixedColor } },
];

function legend() {
  return new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.Table).showLegend(true).calcs(['sum']);
}

/** The dashboard of one language; the same panels at the same places in each. */
export function overviewDashboard(language: Language): Dashboard {
  const texts = dashboardTexts[language];
  type Panel = BarGauge | Heatmap | Stat | Table | TimeSeries;
  const place = <P extends Panel>(
    panel: P,
    name: GrafanaQueryName,
    x: number,
    y: number,
    w: number,
    h: number,
  ) =>
    panel
      .title(texts.panels[name][0])
      .description(texts.panels[name][1])
      .datasource(datasource)
      .gridPos({ x, y, w, h })
      .withTarget(target(name)) as P;
  const bars = () =>
    new TimeSeries()
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(70)
      .lineWidth(0)
      .decimals(0)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
      .legend(legend());
  const inSeverityColours = <P extends Panel>(panel: P) => {
    for (const [severity, value] of Object.entries(severityColours))
      panel.overrideByName(severity, colour(value));
    return panel;
  };
  const named = <P extends Panel>(panel: P) => {
    for (const [column, displayName] of Object.entries(texts.columns)) {
      panel.overrideByName(column, [{ id: 'displayName', value: displayName }]);
    }
    return panel;
  };
  const everyRow = () => new ReduceDataOptionsBuilder().values(true).calcs(['lastNotNull']);
  // Rows of cells that the query has counted already; the first is at the top.
  const heatmap = () =>
    new Heatmap()
      .calculate(false)
      .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
      .yAxis(new YAxisConfigBuilder().reverse(true))
      .decimals(0);
  const colouredTable = () =>
    named(new Table())
      .min(0)
      .decimals(0)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.ContinuousYlRd))
      .overrideByFieldType('number', [
        { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorBackground } },
      ]);
  const uptimeSteps = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: 'red' },
    { value: 0.9, color: 'yellow' },
    { value: 0.99, color: 'green' },
  ]);

  return new DashboardBuilder(texts.title)
    .uid(`watchpost-overview-${language.toLowerCase()}`)
    .description(texts.description)
    .tags(['watchpost', language])
    .time({ from: 'now-24h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .readonly()
    .withVariable(
      new QueryVariableBuilder('site')
        .label(texts.site)
        .datasource(datasource)
        .query('select site from site_clock order by 1')
        .refresh(VariableRefresh.OnDashboardLoad)
        .multi(true)
        .includeAll(true),
    )
    .withPanel(
      place(
        inSeverityColours(
          new Stat().reduceOptions(everyRow()).colorMode(BigValueColorMode.Value).decimals(0).noValue('0'),
        ),
        'open_by_severity',
        0,
        0,
        24,
        4,
      ),
    )
    .withPanel(place(inSeverityColours(bars()), 'alerts_by_severity', 0, 4, 12, 9))
    .withPanel(place(bars().interval('1h'), 'events_per_hour', 12, 4, 12, 9))
    .withPanel(place(named(new Table()), 'open_alerts', 0, 13, 16, 10))
    .withPanel(place(named(new Table()), 'dispositions', 16, 13, 8, 10))
    .withPanel(
      place(
        inSeverityColours(
          new TimeSeries()
            .unit('s')
            .min(0)
            .legend(legend().calcs(['mean'])),
        ),
        'seconds_to_acknowledge',
        0,
        23,
        8,
        9,
      ),
    )
    .withPanel(place(bars(), 'rejects_by_code', 8, 23, 8, 9))
    .withPanel(
      place(
        new BarGauge().reduceOptions(everyRow()).unit('percentunit').min(0).max(1).thresholds(uptimeSteps),
        'device_uptime',
        16,
        23,
        8,
        9,
      ),
    )
    .withPanel(place(named(heatmap()), 'hour_by_weekday', 0, 32, 12, 9))
    .withPanel(place(heatmap(), 'zone_by_time', 12, 32, 12, 9))
    .withPanel(place(colouredTable(), 'kind_by_zone', 0, 41, 24, 9))
    .build();
}
