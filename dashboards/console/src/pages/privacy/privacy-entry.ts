import { lazyPage } from '../manage/lazy-page.ts';
import type { ManagedPageProps } from '../manage/sections.ts';

/** The page of privacy records, when somebody opens it. */
export const privacyPage = lazyPage<ManagedPageProps>(
  async () => (await import('./privacy-page.tsx')).PrivacyPage,
  {
    en: async () => (await import('./texts-en.ts')).privacyEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).privacyZhCn,
  },
);
