import { robotPolicy } from '../policy.ts';
import type { RobotDialect } from '../robots/robot-channel.ts';
import { noticeText, withoutMentions } from '../text/notice-text.ts';

const { limits, textBytes, pauseMs } = robotPolicy.wecom;

/**
 * Group robots of WeCom (企业微信群机器人, developer.work.weixin.qq.com/document/path/91770; codes:
 * path/90313). Plain text, because that is what members see who read by WeChat.
 */
export const wecomDialect: RobotDialect = {
  kind: 'wecom',
  limits,
  message: (notice, url) => ({
    url,
    body: { msgtype: 'text', text: { content: noticeText(withoutMentions(notice), textBytes) } },
  }),
  judge: (code) => {
    switch (code) {
      case -1: // The system is busy.
        return { outcome: 'retry', code: 'notify.receiver_failed' };
      case 45_009: // Too many calls.
      case 45_033: // Too many at once.
        return { outcome: 'retry', code: 'notify.throttled', afterMs: pauseMs };
      case 93_000: // No such robot, or it was taken out of the group.
        return { outcome: 'refused', code: 'notify.credentials' };
      default:
        return undefined;
    }
  },
};
