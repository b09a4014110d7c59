/** Name of the rule set that a new site has, and does not use until its file names it. */
export const ownRuleSet = 'own';

const comments = {
  en: {
    head: [
      'What the events of this site score, and which of them alert. What is left out stays as built in.',
      'In force once site.yaml says `policy: { risk: { ruleSet: own } }`. What it would have changed:',
      '`watchpost replay DIR --rules sites/ID/rules/own.yaml --from 2026-01-01 --to 2026-01-08`',
    ],
    severities: 'The score, 0–100, from which an alert is of each severity.',
    events:
      'base: points of the kind; armed: more while the zone is armed; alert: always, when_armed, never.',
    context: 'Points for what is known around an event.',
  },
  zh: {
    head: [
      '本站点各类事件得多少分、是否告警。未写的按内置规则。',
      'site.yaml 写有 policy: { risk: { ruleSet: own } } 后生效。查看会带来哪些变化：',
      'watchpost replay DIR --rules sites/ID/rules/own.yaml --from 2026-01-01 --to 2026-01-08',
    ],
    severities: '各级别从多少分（0–100）起。',
    events:
      'base：该类事件的分值；armed：区域布防时加分；alert：always 总是、when_armed 布防时、never 从不。',
    context: '事件周边情况的分值。',
  },
} as const;

/** The text of a first rule set: it changes nothing, and shows what could be. */
export function ruleSetText(chinese: boolean): string {
  const say = comments[chinese ? 'zh' : 'en'];
  return `${say.head.map((line) => `# ${line}\n`).join('')}version: 1
extends: wp-1

# ${say.severities}
# severities: { medium: 25, high: 50, critical: 75 }

# ${say.events}
# events:
#   sensor.alarm:
#     door: { base: 20, armed: 35 }
#     motion: { alert: when_armed }
#   zone.loitering: { base: 20, armed: 20 }

# ${say.context}
# context:
#   zone: 8
#   corroboration: { one: 6, several: 10 }
#   recency: { perMinute: 1, most: 10 }
#   trust: 24
#   confidence: 10
`;
}
