import type { Language } from '@watchpost/contracts';
import type { GrafanaQueryName } from './queries.ts';

/** Title and explanation of each panel, and the names of table columns. */
export interface DashboardTexts {
  readonly title: string;
  readonly description: string;
  readonly site: string;
  readonly panels: Readonly<Record<GrafanaQueryName, readonly [title: string, description: string]>>;
  readonly columns: Readonly<Record<string, string>>;
}

export const dashboardTexts: Readonly<Record<Language, DashboardTexts>> = {
  en: {
    title: 'Watchpost overview',
    description:
      'Alerts, events, refused messages and devices of a site. Shows events, never a person’s risk.',
    site: 'Site',
    panels: {
      open_by_severity: ['Waiting now', 'Open alerts that nobody has taken yet.'],
      alerts_by_severity: ['Alerts by severity', 'Alerts by the time at which they opened.'],
      events_per_hour: ['Events per hour', 'By type, from the hourly aggregate.'],
      open_alerts: ['Unresolved alerts', 'Worst first, whatever the time range. At most 200.'],
      seconds_to_acknowledge: [
        'Time to acknowledge',
        'Median per day from opening to the first acknowledgement.',
      ],
      dispositions: ['What alerts turned out to be', 'Dispositions of alerts opened in the time range.'],
      rejects_by_code: ['Refused messages', 'By error code; see the error reference.'],
      device_uptime: [
        'Devices heard from',
        'Share of five-minute intervals of the time range in which the device said something.',
      ],
    },
    columns: {
      severity: 'Severity',
      event_type: 'Type',
      zone: 'Zone',
      device: 'Device',
      state: 'State',
      score: 'Event risk',
      event_count: 'Events',
      opened_at: 'Opened',
      last_event_at: 'Last event',
      disposition: 'Disposition',
      alerts: 'Alerts',
      uptime: 'Share',
    },
  },
  'zh-CN': {
    title: 'Watchpost 总览',
    description: '站点的告警、事件、被拒绝的消息和设备。只呈现事件，绝不呈现个人的风险。',
    site: '站点',
    panels: {
      open_by_severity: ['当前待处理', '尚无人受理的告警。'],
      alerts_by_severity: ['各级告警', '按告警产生的时间统计。'],
      events_per_hour: ['每小时事件数', '按类型，来自小时汇总。'],
      open_alerts: ['未解决的告警', '最严重的在前，不受时间范围影响，最多 200 条。'],
      seconds_to_acknowledge: ['受理用时', '每日从产生到首次受理的中位数。'],
      dispositions: ['告警核实结果', '时间范围内所产生告警的核实结果。'],
      rejects_by_code: ['被拒绝的消息', '按错误代码统计，含义见错误参考。'],
      device_uptime: ['设备在线情况', '时间范围内，设备有数据的五分钟时段所占比例。'],
    },
    columns: {
      severity: '级别',
      event_type: '类型',
      zone: '区域',
      device: '设备',
      state: '状态',
      score: '事件风险',
      event_count: '事件次数',
      opened_at: '产生时间',
      last_event_at: '最近事件',
      disposition: '核实结果',
      alerts: '告警数',
      uptime: '比例',
    },
  },
};
