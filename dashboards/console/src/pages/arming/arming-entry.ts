import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page on which areas are armed, when somebody opens it. */
export const armingPage = lazyPage<ManagedPageProps>(
  async () => (await import('./arming-page.tsx')).ArmingPage,
  {
    en: async () => (await import('./texts-en.ts')).armingEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).armingZhCn,
  },
);
