import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** What was handled, when somebody looks for it. */
export const historyPage = lazyPage<ManagedPageProps>(
  async () => (await import('./history-page.tsx')).HistoryPage,
  {
    en: async () => (await import('./texts-en.ts')).historyEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).historyZhCn,
  },
);
