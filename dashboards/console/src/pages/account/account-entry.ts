import { lazyPage } from '../manage/lazy-page.ts';
import type { ManagedPageProps } from '../manage/sections.ts';

/** The page of one's own account, when somebody opens it. */
export const accountPage = lazyPage<ManagedPageProps>(
  async () => (await import('./account-page.tsx')).AccountPage,
  {
    en: async () => (await import('./texts-en.ts')).accountEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).accountZhCn,
  },
);
