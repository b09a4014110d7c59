import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of the address plates, when somebody opens it. */
export const platesPage = lazyPage<ManagedPageProps>(
  async () => (await import('./plates-page.tsx')).PlatesPage,
  {
    en: async () => ({
      ...(await import('./texts-en.ts')).platesEn,
      ...(await import('../../ui/site-file/file-texts-en.ts')).siteFileEn,
    }),
    'zh-CN': async () => ({
      ...(await import('./texts-zh-cn.ts')).platesZhCn,
      ...(await import('../../ui/site-file/file-texts-zh-cn.ts')).siteFileZhCn,
    }),
  },
);
