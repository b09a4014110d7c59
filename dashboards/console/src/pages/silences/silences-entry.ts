import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of silences, when somebody opens it. */
export const silencesPage = lazyPage<ManagedPageProps>(
  async () => (await import('./silences-page.tsx')).SilencesPage,
  {
    en: async () => (await import('../../ui/silences/texts-en.ts')).silencesEn,
    'zh-CN': async () => (await import('../../ui/silences/texts-zh-cn.ts')).silencesZhCn,
  },
);
