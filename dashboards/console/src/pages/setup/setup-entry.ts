import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The wizard, with the texts of what edits the site file. */
export const setupPage = lazyPage<ManagedPageProps>(
  async () => (await import('./setup-page.tsx')).SetupPage,
  {
    en: async () => ({
      ...(await import('./texts-en.ts')).setupEn,
      ...(await import('../../ui/site-file/file-texts-en.ts')).siteFileEn,
      ...(await import('../../ui/site-file/drawing-texts-en.ts')).drawingEn,
    }),
    'zh-CN': async () => ({
      ...(await import('./texts-zh-cn.ts')).setupZhCn,
      ...(await import('../../ui/site-file/file-texts-zh-cn.ts')).siteFileZhCn,
      ...(await import('../../ui/site-file/drawing-texts-zh-cn.ts')).drawingZhCn,
    }),
  },
);
