import { createHmac } from 'node:crypto';
import { robotPolicy } from '../policy.ts';
import type { RobotDialect } from '../robots/robot-channel.ts';
import { noticeText } from '../text/notice-text.ts';

const { limits, textBytes, pauseMs } = robotPolicy.dingtalk;

/** The address of a robot that asks for a signature (加签): HMAC-SHA256 of `<time>\n<key>`, by the key. */
export function signedDingtalkUrl(address: string, key: string, nowMs: number): string {
  const timestamp = String(Math.floor(nowMs));
  const sign = createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64');
  const url = new URL(address);
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set('sign', sign);
  return url.href;
}

/**
 * Custom robots of DingTalk (钉钉自定义机器人, open.dingtalk.com/document/orgapp/custom-robot-access; codes:
 * open.dingtalk.com/document/orgapp/custom-bot-send-message-type).
 */
export const dingtalkDialect: RobotDialect = {
  kind: 'dingtalk',
  limits,
  message: (notice, url, key, nowMs) => ({
    url: key === undefined ? url : signedDingtalkUrl(url, key, nowMs),
    body: { msgtype: 'text', text: { content: noticeText(notice, textBytes) }, at: { isAtAll: false } },
  }),
  judge: (code, { status }) => {
    // Who goes on after a complaint is sent elsewhere for ten minutes.
    if (status === 302) return { outcome: 'retry', code: 'notify.throttled', afterMs: pauseMs };
    switch (code) {
      case -1: // The system is busy.
        return { outcome: 'retry', code: 'notify.receiver_failed' };
      case 130_101: // More than 20 in a minute.
      case 410_100: // The same, of newer robots.
        return { outcome: 'retry', code: 'notify.throttled', afterMs: pauseMs };
      case 310_000: // Signature, time, key word or IP address.
      case 300_001: // No such token.
      case 400_101: // The same, of newer robots.
        return { outcome: 'refused', code: 'notify.credentials' };
      default:
        return undefined;
    }
  },
};
