import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of who is told outside of the console, and by which ways, when somebody opens it. */
export const receiversPage = lazyPage<ManagedPageProps>(
  async () => (await import('./receivers-page.tsx')).ReceiversPage,
  {
    en: async () => (await import('./texts-en.ts')).receiversEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).receiversZhCn,
  },
);
