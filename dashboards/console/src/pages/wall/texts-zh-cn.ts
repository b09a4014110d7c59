import type { wallEn } from './texts-en.ts';

/** What the wall view says, in Simplified Chinese. */
export const wallZhCn: Readonly<Record<keyof typeof wallEn, string>> = {
  'wall.title': '告警',
  'wall.none': '暂无待处理告警',
  'wall.more_one': '另有 {{count}} 条',
  'wall.more_other': '另有 {{count}} 条',
  'wall.leave': '退出大屏模式',
  'wall.loading': '正在加载…',
};
