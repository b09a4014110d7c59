import type { thresholdsEn } from './texts-en.ts';

/** What the threshold report says, in Simplified Chinese. */
export const thresholdsZhCn: Readonly<Record<keyof typeof thresholdsEn, string>> = {
  'thresholds.lead':
    '各摄像机把多少张人脸当作名单上的人、值班人员如何答复，以及仅凭偶然会出现多少误报。这里只有数字，不涉及任何人。',
  'thresholds.days': '时段',
  'thresholds.last': '最近 {{count}} 天',
  'thresholds.none': '该时段内没有人脸被当作名单上的人。',
  'thresholds.camera': '摄像机与名单',
  'thresholds.gone': '{{camera}}（站点中已不存在）',
  'thresholds.answers': '候选',
  'thresholds.shown': '显示 {{count}} 个',
  'thresholds.confirmed': '确认 {{count}} 个',
  'thresholds.refused': '否定 {{count}} 个',
  'thresholds.open': '未答复 {{count}} 个',
  'thresholds.bands': '按相似度',
  'thresholds.band.near': '刚刚超过阈值',
  'thresholds.band.clear': '明显高于阈值',
  'thresholds.band.strong': '远高于阈值',
  'thresholds.bandCounts': '{{band}}：显示 {{shown}}，确认 {{confirmed}}，否定 {{refused}}',
  'thresholds.expected': '预计误报',
  'thresholds.expectedValue': '约 {{count}} 个',
  'thresholds.expectedFewer': '不到 {{count}} 个',
  'thresholds.expectedHours_one': '在摄像机比对人脸的 {{count}} 小时内',
  'thresholds.expectedHours_other': '在摄像机比对人脸的 {{count}} 小时内',
  'thresholds.expectedNone': '未知',
  'thresholds.meaning': '说明',
  'thresholds.finding.above': '否定数多于偶然所能解释',
  'thresholds.finding.as_expected': '符合预期',
  'thresholds.finding.too_few': '答复太少，无法判断',
  'thresholds.finding.no_expectation': '没有可比较的预计值',
  'thresholds.advice.above':
    '请检查该名单的登记照片，以及该摄像机的光线和角度。减少条目或收紧阈值可以减少误报；收紧阈值也会漏掉更多人。',
  'thresholds.advice.as_expected': '无需处理。',
  'thresholds.advice.too_few': '请对照登记照片答复候选，报告据此积累。',
  'thresholds.advice.no_expectation': '摄像机尚未报告有多少人经过。网关在线满一小时后即可得出。',
  'thresholds.note': '一个候选即一条告警：在值班人员答复之前再次出现的同一候选只计一次。',
};
