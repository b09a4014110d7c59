import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of privacy records, when somebody opens it. */
export const privacyPage = lazyPage<ManagedPageProps>(
  async () => (await import('./privacy-page.tsx')).PrivacyPage,
  {
    en: async () => (await import('./texts-en.ts')).privacyEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).privacyZhCn,
  },
);
