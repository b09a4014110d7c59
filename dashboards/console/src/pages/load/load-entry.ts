import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of what officers have to deal with, when somebody opens it. */
export const loadPage = lazyPage<ManagedPageProps>(async () => (await import('./load-page.tsx')).LoadPage, {
  en: async () => (await import('./texts-en.ts')).loadEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).loadZhCn,
});
