import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of the site file, when somebody opens it. */
export const sitePage = lazyPage<ManagedPageProps>(async () => (await import('./site-page.tsx')).SitePage, {
  en: async () => (await import('./texts-en.ts')).siteEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).siteZhCn,
});
