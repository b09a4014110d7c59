import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of one's own account, when somebody opens it. */
export const accountPage = lazyPage<ManagedPageProps>(
  async () => (await import('./account-page.tsx')).AccountPage,
  {
    en: async () => (await import('./texts-en.ts')).accountEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).accountZhCn,
  },
);
