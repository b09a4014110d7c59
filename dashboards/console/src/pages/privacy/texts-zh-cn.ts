import type { privacyEn } from './texts-en.ts';

/** 隐私记录页面的中文文本。 */
export const privacyZhCn: Readonly<Record<keyof typeof privacyEn, string>> = {
  'privacy.intro': '摄像机为何识别人脸、由谁批准、哪些内容需要复核。完成后由管理员在站点文件中填写新的日期。',
  'privacy.none': '本站点没有摄像机识别人脸：站点文件中没有隐私记录。',
  'privacy.approved': '影响评估',
  'privacy.approvedBy': '{{reference}}，{{by}} 于{{day}}批准',
  'privacy.sign': '告示牌',
  'privacy.seen': '{{place}}，{{day}}确认在位',
  'privacy.cameras': '摄像机',
  'privacy.facesOff': '{{camera}}（已关闭人脸识别）',
  'privacy.due': '待办',
  'privacy.due.assessment': '{{day}}前复核影响评估',
  'privacy.due.sign': '{{day}}前检查告示牌',
  'privacy.state.overdue': '已逾期',
  'privacy.state.soon': '即将到期',
  'privacy.state.later': '未到期',
  'privacy.without': '没有隐私记录的摄像机',
  'privacy.withoutWhy': '这些摄像机不识别人脸。',
};
