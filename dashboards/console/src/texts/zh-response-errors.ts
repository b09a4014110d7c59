import type { enResponseErrors } from './en-response-errors.ts';

/** 部门与任务的错误，随其页面加载。 */
export const zhResponseErrors: Readonly<Record<keyof typeof enResponseErrors, string>> = {
  'error.response.step': '任务已不能执行此步骤，请重新加载',
  'error.response.stale': '已被他人修改，请重新加载',
  'error.response.reason_needed': '该单元正忙、不在班或已出发，请简要说明原因',
  'error.response.not_dispatcher': '该部门的任务由其调度员派发',
  'error.response.offered': '已向其派发且尚未结束',
  'error.response.ended': '该派发已结束，请重新派发',
  'error.response.in_use': '尚有未结束的任务或派发，请先结束',
  'error.response.person_unknown': '其中有人在本站点没有可接受任务的角色，请另选人员',
  'error.response.unit_unknown': '该部门没有此单元',
  'error.response.zone_unknown': '站点没有此区域',
  'error.response.receiver_unknown': '站点没有此接收方',
  'error.response.name_taken': '名称已被使用',
  'error.response.too_many': '数量已达上限，请停用不再需要的',
  'error.response.no_consent': '您尚未同意共享位置',
  'error.response.off_duty': '您不在班，无需提供位置',
};
