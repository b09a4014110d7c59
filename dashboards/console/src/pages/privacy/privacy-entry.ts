import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of privacy records, when somebody opens it. */
export const privacyPage = lazyPage<ManagedPageProps>(
  async () => (await import('./privacy-page.tsx')).PrivacyPage,
  {
    en: async () => ({
      ...(await import('./texts-en.ts')).privacyEn,
      ...(await import('../../ui/site-file/file-texts-en.ts')).siteFileEn,
    }),
    'zh-CN': async () => ({
      ...(await import('./texts-zh-cn.ts')).privacyZhCn,
      ...(await import('../../ui/site-file/file-texts-zh-cn.ts')).siteFileZhCn,
    }),
  },
);
