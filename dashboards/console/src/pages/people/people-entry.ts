import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of people and programs, when somebody opens it. */
export const peoplePage = lazyPage<ManagedPageProps>(
  async () => (await import('./people-page.tsx')).PeoplePage,
  {
    en: async () => (await import('./texts-en.ts')).peopleEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).peopleZhCn,
  },
);
