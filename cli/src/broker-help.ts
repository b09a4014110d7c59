import { textsFor } from './texts.ts';

const help = {
  en: {
    lang: 'en or zh-CN; default the locale’s',
    top: 'what the broker does, live: rates, connections, sessions, queues, refusals by reason',
    url: 'its metrics',
    every: 'seconds between two looks',
    once: 'one look and no more; rates need two, one interval apart',
    json: 'one line of JSON for each look',
    rules: 'print the topic rules as configuration of another broker; passwords are never printed',
    target: 'mosquitto, nats or emqx',
    config: 'configuration of the broker, whose users get the rules',
    out: 'write the files into this folder instead; none may exist',
  },
  'zh-CN': {
    lang: 'en 或 zh-CN；默认取自系统语言',
    top: '实时显示消息代理的状况：速率、连接、会话、队列、各类拒绝',
    url: '指标的地址',
    every: '两次读取之间的秒数',
    once: '只显示一次；速率需隔一个间隔读取两次',
    json: '每次输出一行 JSON',
    rules: '将主题规则输出为其他消息代理的配置；绝不输出密码',
    target: 'mosquitto、nats 或 emqx',
    config: '消息代理的配置文件，规则适用于其中的用户',
    out: '改为将文件写入此文件夹；不得覆盖已有文件',
  },
} as const;

/** Help of the broker’s commands in the language of the locale. */
export function brokerHelpFor(environment: Readonly<Record<string, string | undefined>>) {
  return help[textsFor(environment).chinese ? 'zh-CN' : 'en'];
}
