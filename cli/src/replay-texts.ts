import type { ReplayAnswer, ReplayDifference } from '@watchpost/contracts/api';
import type { SiteFile } from '@watchpost/contracts/site';
import { enTerms } from '@watchpost/contracts/texts/en-terms';
import { zhTerms } from '@watchpost/contracts/texts/zh-terms';

const texts = {
  en: {
    rules: 'Rules',
    events: 'events looked at',
    alerts: 'Alerts',
    asItWas: 'as it was',
    withThese: 'with these rules',
    appears: 'would appear',
    vanishes: 'would vanish',
    severity: 'other severity',
    same: 'the same',
    nothing: 'Nothing would have been another.',
    unshown: 'More that are not shown',
    estimated:
      'events were stored before what was known around them was kept: hours as today, the rest by their scores',
  },
  'zh-CN': {
    rules: '规则集',
    events: '个事件参与重放',
    alerts: '告警',
    asItWas: '实际',
    withThese: '按此规则',
    appears: '会新增',
    vanishes: '会消失',
    severity: '级别不同',
    same: '相同',
    nothing: '不会有任何不同。',
    unshown: '未显示的还有',
    estimated: '个事件存储时尚未保留当时的周边情况：布防时段按现在的设置，其余按当时的分值',
  },
} as const;

/** What a replay came to, for a terminal. */
export function replayLines(
  answer: ReplayAnswer,
  { timeZone }: Pick<SiteFile, 'timeZone'>,
  chinese: boolean,
): string {
  const say = texts[chinese ? 'zh-CN' : 'en'];
  const { alerts, ruleSet, events, estimated, differences, unshown, tookMs } = answer;
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const at = (time: string) => clock.format(Date.parse(time));
  const lines = [
    `${say.rules} ${ruleSet}: ${at(answer.from)} … ${at(answer.to)} (${timeZone}), ${events} ${say.events}, ${(tookMs / 1000).toFixed(1)} s`,
    `${say.alerts}: ${say.asItWas} ${alerts.before}, ${say.withThese} ${alerts.after}`,
    `  ${say.appears}: ${alerts.appear}`,
    `  ${say.vanishes}: ${alerts.vanish}`,
    `  ${say.severity}: ${alerts.change}`,
    `  ${say.same}: ${alerts.same}`,
    ...(differences.length === 0 ? [say.nothing] : []),
    ...differences.map(
      (each) =>
        `${at(each.openedAt)}  ${say[each.what]}: ${kindName(each.kind, chinese)} · ${each.zone}/${each.device} · ${severities(each, chinese)} (×${each.eventCount})`,
    ),
    ...(unshown > 0 ? [`${say.unshown}: ${unshown}`] : []),
    ...(estimated > 0 ? [`${estimated} ${say.estimated}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const termsOf = (chinese: boolean): Readonly<Record<string, string>> => (chinese ? zhTerms : enTerms);

function severities({ before, after }: ReplayDifference, chinese: boolean): string {
  const terms = termsOf(chinese);
  return [before, after].flatMap((each) => (each ? [terms[`severity.${each}`] ?? each] : [])).join(' → ');
}

const details: Readonly<Record<string, string>> = {
  'watchpost.sensor.alarm.v1': 'sensor',
  'watchpost.sensor.anomaly.v1': 'sensor',
  'watchpost.pass.rejected.v1': 'reason',
  'watchpost.report.received.v1': 'category',
  'watchpost.warning.received.v1': 'warning',
};

function kindName(kind: string, chinese: boolean): string {
  const terms = termsOf(chinese);
  const [type = '', part] = kind.split('/');
  const name = terms[`event.${type}`] ?? type;
  if (part === undefined) return name;
  return `${name} (${terms[`${details[type]}.${part}`] ?? part})`;
}
