/** What is said of a new site. */
export interface SiteWords {
  readonly id: string;
  readonly name: { readonly chinese: string; readonly english: string };
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
}

const comments = {
  en: {
    head: 'The site. `watchpost check` finds mistakes, `watchpost add` adds devices.',
    plan: 'Metres from the north-west corner: x east, y south. Draw your own walls and zones.',
    corner: 'Where the north-west corner is, for maps of the city.',
    criticality: 'How much harm an incident here does: 0 none … 1 most.',
    rules: 'What events score, and which of them alert. Take the mark away and `rules/own.yaml` holds.',
    local: 'Run by the server itself; take `local` away for one on a computer of its own.',
  },
  zh: {
    head: '站点。watchpost check 可查出错误，watchpost add 可添加设备。',
    plan: '以西北角为原点，单位为米：x 向东，y 向南。请画出实际的墙和区域。',
    corner: '西北角的位置，用于城市地图。',
    criticality: '此处发生事件的危害程度：0 最小，1 最大。',
    rules: '各类事件得多少分、是否告警。删去 # 后，rules/own.yaml 即生效。',
    local: '由服务器自身运行；若网关在另一台计算机上，请删去 local。',
  },
} as const;

/**
 * The text of a first `site.yaml`: one plan, one zone that is always armed, one gateway of the server’s own.
 */
export function siteFileText(
  { id, name, timeZone, latitude, longitude }: SiteWords,
  chinese: boolean,
): string {
  const say = comments[chinese ? 'zh' : 'en'];
  const quoted = JSON.stringify;
  return `# ${say.head}
version: 1
id: ${quoted(id)}
name: { zh-CN: ${quoted(name.chinese)}, en: ${quoted(name.english)} }
timeZone: ${quoted(timeZone)}

# ${say.plan}
plans:
  - id: ground
    name: { zh-CN: 一层, en: Ground floor }
    widthM: 40
    heightM: 30
    # ${say.corner}
    northWest: { latitude: ${latitude}, longitude: ${longitude} }
    walls:
      - [[1, 1], [39, 1], [39, 29], [1, 29], [1, 1]]

schedules:
  always: [{ from: "00:00", to: "24:00" }]

zones:
  - id: inside
    name: { zh-CN: 室内, en: Inside }
    plan: ground
    # ${say.criticality}
    criticality: 0.5
    public: false
    outline: [[1, 1], [39, 1], [39, 29], [1, 29]]
    armed: [always]

gateways:
  # ${say.local}
  - id: gw-1
    local: true

devices: []

# ${say.rules}
# policy: { risk: { ruleSet: own } }
`;
}
