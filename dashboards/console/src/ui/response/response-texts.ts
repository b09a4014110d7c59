import type { PageTexts } from '../../texts/i18n.ts';

/** The texts of tasks and departments. */
export const responseTexts: PageTexts = {
  en: async () => (await import('./texts-en.ts')).responseEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).responseZhCn,
};
