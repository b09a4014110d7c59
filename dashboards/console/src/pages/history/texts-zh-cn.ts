import type { historyEn } from './texts-en.ts';

/** What the page of handled alerts says, in Simplified Chinese. */
export const historyZhCn: Readonly<Record<keyof typeof historyEn, string>> = {
  'history.lead': '已办结或已关闭的告警，最近的在前。',
  'history.search': '备注和详情中的文字',
  'history.site': '站点',
  'history.zone': '区域',
  'history.device': '设备',
  'history.type': '事件',
  'history.severity': '级别',
  'history.disposition': '结论',
  'history.from': '开始日期',
  'history.until': '结束日期',
  'history.every': '全部',
  'history.filter': '查询',
  'history.none': '没有找到。',
  'history.alert': '告警',
  'history.openedAt': '产生时间',
  'history.done': '办结或关闭',
  'history.more': '显示更早的',
};
