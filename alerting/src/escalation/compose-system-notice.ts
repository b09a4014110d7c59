import type { OutgoingNotice } from '@watchpost/contracts/api';
import type { KeptReceiver } from './kept-fallback.ts';

const texts = {
  en: {
    gone: 'Watchpost cannot tell anybody: its database does not answer',
    goneBody: (since: string) =>
      `Since ${since} alerts are neither stored nor sent. Watch the site by other means, and check the database of the server.`,
    back: 'Watchpost tells again: its database answers',
    backBody: 'What gateways have kept meanwhile arrives now. Look into the console.',
  },
  'zh-CN': {
    gone: 'Watchpost 无法通知任何人：数据库没有响应',
    goneBody: (since: string) =>
      `自 ${since} 起，告警既不会保存，也不会发送。请用其他方式看护站点，并检查服务器的数据库。`,
    back: 'Watchpost 已恢复通知：数据库恢复响应',
    backBody: '网关在此期间保存的事件正在陆续到达，请查看控制台。',
  },
} as const;

/** What is said of the database itself, which has no part in saying it. Its id is the same in each try. */
export function composeSystemNotice(
  { site, language }: KeptReceiver,
  { id, kind, sinceMs, nowMs }: { id: string; kind: 'gone' | 'back'; sinceMs: number; nowMs: number },
): OutgoingNotice {
  const say = texts[language];
  const since = new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ');
  return {
    ...{ id, site, language, subject: 'database', seq: kind === 'gone' ? 0 : 1, kind: 'system' },
    ...{ severity: kind === 'gone' ? 'critical' : 'low', at: new Date(nowMs).toISOString() },
    title: say[kind],
    body: kind === 'gone' ? say.goneBody(`${since} UTC`) : say.backBody,
  };
}
