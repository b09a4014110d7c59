import type { enReceiverErrors } from './en-receiver-errors.ts';

/** The same in Simplified Chinese. */
export const zhReceiverErrors: Readonly<Record<keyof typeof enReceiverErrors, string>> = {
  'error.notify.code_wrong': '验证码不正确或已失效，请重新发送',
  'error.notify.too_many_receivers': '接收方已达上限。请删除不再需要的。',
  'error.cap.too_large': 'CAP 消息超过大小限制',
  'error.cap.malformed': '不是 CAP 1.2 消息，或含有文档类型声明',
  'error.cap.invalid': 'CAP 消息的某一部分不符合 CAP 1.2，请按所示路径更正',
  'error.acknowledge.link_invalid': '链接不属于本服务器，或已失效',
  'error.acknowledge.link_used': '该链接已使用过',
  'error.acknowledge.link_expired': '该链接已过有效期',
  'error.acknowledge.over': '该链接所指的警情已结束',
  'error.acknowledge.log_in_needed': '受理此级别的警情须先登录',
  'error.acknowledge.not_yours': '只有收到该消息的人员才能通过链接受理',
};
