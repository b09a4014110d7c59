import type { enEscalationErrors } from './en-escalation-errors.ts';

/** The same in Simplified Chinese. */
export const zhEscalationErrors: Readonly<Record<keyof typeof enEscalationErrors, string>> = {
  'error.escalation.last_step': '最后一步必须无限重复，并通知到非个人的接收方',
  'error.escalation.target_unknown': '站点没有该接收方、人员或值班表',
  'error.escalation.zone_unknown': '站点没有该区域',
  'error.escalation.too_many': '升级策略已达上限，请删除不再需要的',
  'error.escalation.changed': '策略已被他人修改，请重新加载',
};
