import type { enDutyErrors } from './en-duty-errors.ts';

/** 值班表的错误，随值班页面加载。 */
export const zhDutyErrors: Readonly<Record<keyof typeof enDutyErrors, string>> = {
  'error.duty.overlap': '该时段已有同类安排，请先取消原有安排或改选时间',
  'error.duty.period': '结束时间早于开始时间、已经过去或超出可安排的范围',
  'error.duty.person_unknown': '其中有人不能在本站点值班，请改选他人',
  'error.duty.zone_outside': '其中一个区域不在您负责的范围内，请去掉该区域',
  'error.duty.zone_unknown': '站点没有这个区域，请选择站点中的区域',
  'error.duty.too_many': '数量已达上限，请结束或取消不再需要的安排',
  'error.duty.changed': '其他人已作修改，请重新载入',
  'error.duty.not_theirs': '该时段并非完全由此人值班，请选择其尚未开始的班次内的时间',
  'error.duty.not_asked': '此请求针对其他人，请由被指定的人处理',
  'error.duty.answered': '该请求已答复或已撤回，请重新载入',
  'error.duty.not_on_duty': '只有当前值班或刚下班的人员才能交班',
  'error.duty.nobody_next': '此值班表没有下一班人员，请指定接班人',
};
