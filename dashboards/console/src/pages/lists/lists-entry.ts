import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of the watch and access lists, when somebody opens it. */
export const listsPage = lazyPage<ManagedPageProps>(
  async () => (await import('./lists-page.tsx')).ListsPage,
  {
    en: async () => (await import('./texts-en.ts')).listsEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).listsZhCn,
  },
);
