/** The command’s texts in both languages; the terminal’s locale chooses. */
const texts = {
  en: {
    preparing: 'Preparing the demo site (enrolment, camera clip) …',
    building: 'Building the console …',
    starting: 'Starting broker, store, alerting, console, flows and edge agent …',
    running: 'Watchpost is running: the demo site.',
    console: 'Console',
    api: 'API',
    mqtt: 'MQTT (anonymous, this computer only)',
    externalMqtt: 'MQTT (your broker)',
    flows: 'Node-RED',
    login: 'Log in',
    data: 'Data',
    store: 'Store',
    stopHint: 'Ctrl-C stops everything; the next start goes on with the same data.',
    stopping: 'Stopping …',
    embedded: 'embedded PostgreSQL',
    server: 'PostgreSQL server',
    error: 'Watchpost cannot start',
    modelGood: 'good',
    modelMissing: 'missing',
    modelChanged: 'differs from its manifest',
    modelNotBrought: 'not brought',
    ownFile: 'your own file',
    passAccepted: 'accepted',
    passUntil: 'until',
    passUses: 'uses',
    passRejected: 'rejected',
    passRedeemed: 'redeemed',
    passLeft: 'uses left',
    listIssued: 'revocation list',
    listRevoked: 'withdrawn passes',
  },
  'zh-CN': {
    preparing: '正在准备演示站点（登记、摄像机片段）……',
    building: '正在构建控制台……',
    starting: '正在启动消息代理、存储、告警、控制台、流程和边缘代理……',
    running: 'Watchpost 正在运行：演示站点。',
    console: '控制台',
    api: '接口',
    mqtt: 'MQTT（匿名，仅限本机）',
    externalMqtt: 'MQTT（您的消息代理）',
    flows: 'Node-RED',
    login: '登录',
    data: '数据',
    store: '存储',
    stopHint: '按 Ctrl-C 全部停止；下次启动沿用同一份数据。',
    stopping: '正在停止……',
    embedded: '内嵌 PostgreSQL',
    server: 'PostgreSQL 服务器',
    error: 'Watchpost 无法启动',
    modelGood: '完好',
    modelMissing: '缺失',
    modelChanged: '与清单不符',
    modelNotBrought: '未提供',
    ownFile: '用户自备文件',
    passAccepted: '有效',
    passUntil: '有效期至',
    passUses: '可用次数',
    passRejected: '无效',
    passRedeemed: '已核销',
    passLeft: '剩余次数',
    listIssued: '撤销名单',
    listRevoked: '已撤销的通行证',
  },
} as const;

export type Texts = Readonly<Record<keyof (typeof texts)['en'], string>> & { readonly chinese: boolean };

/** The languages that `--lang` names. */
export const languages = ['en', 'zh-CN'] as const;

/** Texts for the locale that POSIX variables name: Simplified Chinese for `zh…`, English otherwise. */
export function textsFor(environment: Readonly<Record<string, string | undefined>>): Texts {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  const chinese = /^zh/i.test(locale);
  return { ...(chinese ? texts['zh-CN'] : texts.en), chinese };
}
