import type { ChainLink, OutgoingNotice } from '@watchpost/contracts/api';
import type { KeptReceiver } from '../escalation/kept-fallback.ts';
import type { ToldLink } from './told-links.ts';

interface LinkTexts {
  readonly title: string;
  readonly body: string;
  /** That it is whole again. */
  readonly back: string;
}
interface Texts {
  readonly links: Readonly<Record<ChainLink, LinkTexts>>;
  readonly since: (time: string) => string;
  readonly backBody: string;
  readonly separator: string;
}

const en: Texts = {
  links: {
    gateway: {
      title: 'Nothing that {gateways} says gets through any more',
      body: 'The gateway is heard, but its proofs do not arrive. Alarms of its devices may not arrive either. Look at the gateway and its disk.',
      back: 'What {gateways} says gets through again',
    },
    broker: {
      title: 'Nothing that the gateways say gets through any more',
      body: 'The gateways are heard, but the proofs of none of them arrive. Check the broker of the server.',
      back: 'What the gateways say gets through again',
    },
    store: {
      title: 'What gateways say arrives and is not stored',
      body: 'Alarms arrive late or not at all. Check the database, and whether the server is overloaded.',
      back: 'What gateways say is stored again',
    },
    stream: {
      title: 'Changes of alerts no longer reach screens',
      body: 'Consoles may show old alerts. Look into the log of alerting, and start it again.',
      back: 'Changes of alerts reach screens again',
    },
    senders: {
      title: 'Watchpost stores alarms and tells nobody of them',
      body: 'What sends notices stands still. Look at the console yourself, and into the log of alerting; start it again.',
      back: 'Watchpost tells people again',
    },
  },
  since: (time) => `Since ${time}.`,
  backBody: 'The proof came through the whole chain again.',
  separator: ', ',
};

const zh: Texts = {
  links: {
    gateway: {
      title: '{gateways} 上报的内容不再送达',
      body: '网关仍有消息，但其链路验证不再到达，其设备的告警也可能无法到达。请检查网关及其磁盘。',
      back: '{gateways} 上报的内容恢复送达',
    },
    broker: {
      title: '各网关上报的内容不再送达',
      body: '网关仍有消息，但所有网关的链路验证均未到达。请检查服务器的消息代理。',
      back: '各网关上报的内容恢复送达',
    },
    store: {
      title: '网关上报的内容已到达但未保存',
      body: '告警会延迟，甚至无法送达。请检查数据库，以及服务器是否过载。',
      back: '网关上报的内容恢复保存',
    },
    stream: {
      title: '告警的变化不再送到屏幕',
      body: '控制台可能显示旧的告警。请查看告警服务的日志并重新启动。',
      back: '告警的变化恢复送到屏幕',
    },
    senders: {
      title: 'Watchpost 已保存告警，但没有通知任何人',
      body: '发送通知的部分已停顿。请直接查看控制台和告警服务的日志，并重新启动。',
      back: 'Watchpost 恢复通知',
    },
  },
  since: (time) => `自 ${time} 起。`,
  backBody: '链路验证已再次通过整条链路。',
  separator: '、',
};

const texts: Readonly<Record<KeptReceiver['language'], Texts>> = { en, 'zh-CN': zh };

/** What is said of a link of the chain, or that it is whole again. Its id is the same in each try. */
export function composeCanaryNotice(
  { site, language }: KeptReceiver,
  { link, gateways, sinceMs }: ToldLink,
  { id, isBack, nowMs }: { readonly id: string; readonly isBack: boolean; readonly nowMs: number },
): OutgoingNotice {
  const say = texts[language];
  const shown = gateways.slice(0, 20).join(say.separator) + (gateways.length > 20 ? ' …' : '');
  const { title, body, back } = say.links[link];
  const since = `${new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    ...{ id, site, language, subject: `chain ${link}`, seq: isBack ? 1 : 0, kind: 'system' },
    severity: isBack ? 'low' : link === 'gateway' ? 'high' : 'critical',
    at: new Date(nowMs).toISOString(),
    title: (isBack ? back : title).replace('{gateways}', shown),
    body: isBack ? say.backBody : `${body} ${say.since(since)}`,
  };
}
