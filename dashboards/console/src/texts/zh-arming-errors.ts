import type { enArmingErrors } from './en-arming-errors.ts';

/** 布防相关的错误，随其页面加载。 */
export const zhArmingErrors: Readonly<Record<keyof typeof enArmingErrors, string>> = {
  'error.arming.changed': '其他人已对该防区布防、撤防或更改，请重新查看',
  'error.arming.not_ready': '有设备未关闭、被遮挡或失联，请先关闭或将其旁路',
  'error.arming.no_mode': '该防区没有这种模式',
  'error.arming.unknown_device': '该设备不属于此防区',
  'error.arming.code_needed': '请输入您的密码；如尚未设置，请在本页设置',
  'error.arming.code_wrong': '密码不正确',
  'error.arming.code_slowed': '密码错误次数过多，请稍后再试',
  'error.arming.code_unfit': '两个密码须不同，且不能是 1234、1111 这样的数字',
  'error.arming.duress_seen': '静默报警会显示在您自己的屏幕上，或没有防区设置静默区域，请联系站点维护人员',
  'error.arming.not_postponed': '没有可推迟的计划，或已推迟过一次',
};
