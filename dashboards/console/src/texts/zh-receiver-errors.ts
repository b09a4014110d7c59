import type { enReceiverErrors } from './en-receiver-errors.ts';

/** The same in Simplified Chinese. */
export const zhReceiverErrors: Readonly<Record<keyof typeof enReceiverErrors, string>> = {
  'error.notify.code_wrong': '验证码不正确或已失效，请重新发送',
  'error.notify.too_many_receivers': '接收方已达上限。请删除不再需要的。',
  'error.cap.too_large': 'CAP 消息超过大小限制',
  'error.cap.malformed': '不是 CAP 1.2 消息，或含有文档类型声明',
  'error.cap.invalid': 'CAP 消息的某一部分不符合 CAP 1.2，请按所示路径更正',
  'error.cap.polygon': 'CAP 消息中的区域不是由至少四个坐标对组成的闭合多边形，或自身相交',
  'error.cap.circle': 'CAP 消息中的区域不是以公里为半径的圆',
  'error.cap.time': 'CAP 消息中的时间缺少时区偏移',
  'error.cap.references': 'CAP 消息未正确写明所引用的消息',
  'error.warning.same_identifier': '发布方已用此标识发送过另一条消息',
  'error.warning.too_many_senders': '站点已知的预警发布方达到上限',
};
