import type { enTellingErrors } from './en-telling-errors.ts';

/** 简体中文：是否通知到人员的错误代码。 */
export const zhTellingErrors: Readonly<Record<keyof typeof enTellingErrors, string>> = {
  'error.escalation.nobody': '升级步骤未能通知到任何人，请查看“升级策略”',
  'error.escalation.overdue': '未按时通知人员，请先电话联系',
  'error.escalation.step_lost': '某次升级缺少后续步骤，已继续',
  'error.escalation.audit_failed': '无法确认通知是否按时送达',
  'error.duty.gap': '未来 14 天内有无人值班的时段',
  'error.duty.gap_soon': '当前或未来 24 小时内无人值班',
  'error.duty.double_booked': '未来 14 天内有人同时在两个值班表中值班',
  'error.duty.double_booked_soon': '未来 24 小时内有人同时在两个值班表中值班',
  'error.duty.unreachable': '未来 14 天内有值班人员无法联系上',
  'error.duty.unreachable_soon': '未来 24 小时内有值班人员无法联系上',
  'error.duty.failed': '未能提前排出班次；仍可实时查询当前值班人员',
  'error.canary.gateway': '链路验证未到达，告警可能无法送达，请检查网关',
  'error.canary.broker': '所有网关的链路验证均未到达，请检查消息代理',
  'error.canary.store': '网关上报的内容未及时保存',
  'error.canary.stream': '告警的变化未送到控制台',
  'error.canary.senders': '告警已保存但未通知任何人，请重新启动告警服务',
};
