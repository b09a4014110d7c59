import { createHmac } from 'node:crypto';
import { robotPolicy } from '../policy.ts';
import type { RobotDialect } from '../robots/robot-channel.ts';
import { noticeText, withoutMentions } from '../text/notice-text.ts';

const { limits, textBytes, pauseMs } = robotPolicy.feishu;

/** What a robot that asks for a signature (签名校验) wants: HMAC-SHA256 of nothing, by `<seconds>\n<key>`. */
export function feishuSignature(key: string, nowMs: number): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${key}`).digest('base64') };
}

/** Custom robots of Feishu (飞书自定义机器人, open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). */
export const feishuDialect: RobotDialect = {
  kind: 'feishu',
  limits,
  message: (notice, url, key, nowMs) => ({
    url,
    body: {
      ...(key === undefined ? {} : feishuSignature(key, nowMs)),
      msg_type: 'text',
      content: { text: noticeText(withoutMentions(notice), textBytes) },
    },
  }),
  judge: (code, { afterMs }) => {
    switch (code) {
      case 11_232: // Too many, or too much going on in the system.
      case 99_991_400: // Too many, of the gateway before it.
        return { outcome: 'retry', code: 'notify.throttled', afterMs: afterMs ?? pauseMs };
      case 19_001: // No such robot.
      case 19_021: // Signature or time.
      case 19_022: // IP address.
        return { outcome: 'refused', code: 'notify.credentials' };
      case 9_499: // Not of the documented form.
      case 19_024: // Key word.
        return { outcome: 'refused', code: 'notify.refused' };
      default:
        return undefined;
    }
  },
};
