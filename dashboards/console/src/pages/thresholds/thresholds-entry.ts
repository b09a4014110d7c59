import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The threshold report, when somebody opens it. */
export const thresholdsPage = lazyPage<ManagedPageProps>(
  async () => (await import('./thresholds-page.tsx')).ThresholdsPage,
  {
    en: async () => (await import('./texts-en.ts')).thresholdsEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).thresholdsZhCn,
  },
);
