import type { Language } from '@watchpost/contracts/api';
import { enTerms } from '@watchpost/contracts/texts/en-terms';
import { zhTerms } from '@watchpost/contracts/texts/zh-terms';
import { type GrafanaQueryName, kinds } from './queries.ts';

/** Title and explanation of each panel, and the names of table columns. */
export interface DashboardTexts {
  readonly title: string;
  readonly description: string;
  readonly site: string;
  readonly panels: Readonly<Record<GrafanaQueryName, readonly [title: string, description: string]>>;
  readonly columns: Readonly<Record<string, string>>;
}

/** The names of the kinds of events, as the console has them too. */
const kindNames = (terms: Readonly<Record<keyof typeof enTerms, string>>): Record<string, string> =>
  Object.fromEntries(kinds.map((kind) => [kind, terms[`event.${kind}`]]));

export const dashboardTexts: Readonly<Record<Language, DashboardTexts>> = {
  en: {
    title: 'Watchpost overview',
    description:
      'Alerts, events, refused messages and devices of a site. Shows events, never a person’s risk.',
    site: 'Site',
    panels: {
      open_by_severity: ['Waiting now', 'Open alerts that nobody has taken yet.'],
      alerts_by_severity: ['Alerts by severity', 'Alerts by the time at which they opened.'],
      events_per_hour: ['Events per hour', 'By type, in whole hours; the running hour is not over yet.'],
      hour_by_weekday: [
        'When: hour and weekday',
        'Events of the time range by hour of the day (0–23) and weekday, by the clock of the site.',
      ],
      zone_by_time: [
        'Where and when: zone and time',
        'Events by zone in each hour, over more than 14 days in each day of the site.',
      ],
      kind_by_zone: ['What and where: kind and zone', 'Events of the time range by zone and kind.'],
      open_alerts: ['Unresolved alerts', 'Worst first, whatever the time range. At most 200.'],
      seconds_to_acknowledge: [
        'Time to acknowledge',
        'Median per day of the site from opening to the first acknowledgement. What nobody has acknowledged counts with ' +
          'the time it has waited so far.',
      ],
      dispositions: ['What alerts turned out to be', 'Dispositions of alerts opened in the time range.'],
      rejects_by_code: ['Refused messages', 'By error code; see the error reference.'],
      device_uptime: [
        'Device uptime',
        'Share of the time in which the gateway was online and said that the device works. Time in which Watchpost itself did not run or had ' +
          'no broker is left out.',
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
      hour: 'Hour',
      mon: 'Mon',
      tue: 'Tue',
      wed: 'Wed',
      thu: 'Thu',
      fri: 'Fri',
      sat: 'Sat',
      sun: 'Sun',
      ...kindNames(enTerms),
    },
  },
  'zh-CN': {
    title: 'Watchpost 总览',
    description: '站点的告警、事件、被拒绝的消息和设备。只呈现事件，绝不呈现个人的风险。',
    site: '站点',
    panels: {
      open_by_severity: ['当前待处理', '尚无人受理的告警。'],
      alerts_by_severity: ['各级告警', '按告警产生的时间统计。'],
      events_per_hour: ['每小时事件数', '按类型统计，以整点小时为单位；当前小时尚未结束。'],
      hour_by_weekday: ['何时：小时与星期', '时间范围内的事件，按站点当地时间的小时（0–23）和星期统计。'],
      zone_by_time: ['何地何时：区域与时间', '各区域每小时的事件数；超过 14 天时按站点当地的日统计。'],
      kind_by_zone: ['何事何地：类型与区域', '时间范围内的事件，按区域和类型统计。'],
      open_alerts: ['未解决的告警', '最严重的在前，不受时间范围影响，最多 200 条。'],
      seconds_to_acknowledge: [
        '受理用时',
        '按站点当地的日统计，从产生到首次受理的中位数。尚未受理的告警按已等待的时间计入。',
      ],
      dispositions: ['告警核实结果', '时间范围内所产生告警的核实结果。'],
      rejects_by_code: ['被拒绝的消息', '按错误代码统计，含义见错误参考。'],
      device_uptime: [
        '设备在线率',
        '网关在线且报告设备工作正常的时间所占比例。Watchpost 自身未运行或与消息代理断开的时间不计入。',
      ],
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
      hour: '小时',
      mon: '周一',
      tue: '周二',
      wed: '周三',
      thu: '周四',
      fri: '周五',
      sat: '周六',
      sun: '周日',
      ...kindNames(zhTerms),
    },
  },
};
