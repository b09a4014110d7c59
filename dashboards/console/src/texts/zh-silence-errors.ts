import type { enSilenceErrors } from './en-silence-errors.ts';

/** 静默与推迟告警的错误，随其页面加载。 */
export const zhSilenceErrors: Readonly<Record<keyof typeof enSilenceErrors, string>> = {
  'error.silence.period': '结束时间早于开始时间、已经过去，或超过 30 天',
  'error.silence.changed': '其他人已更改或结束该静默，请重新载入',
  'error.silence.zone_outside': '该静默超出您负责的区域，请指定您负责的区域',
  'error.silence.unknown': '站点没有这个区域或设备',
  'error.silence.own_signature': '须由另一人签署：生命危险告警的静默需要两人',
  'error.silence.nothing_to_sign': '该静默不涉及生命危险、已签署或已结束',
  'error.silence.too_many': '静默数量已达上限，请结束不再需要的静默',
  'error.alert.snooze_period': '请选择未来的时间，最长 12 小时；需要更久请新建静默',
  'error.alert.snooze_danger': '可能危及生命，此类告警不能推迟',
  'error.alert.not_snoozed': '该告警未被推迟，或已处置',
};
