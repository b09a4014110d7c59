import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** How events are judged, when somebody opens it. */
export const rulesPage = lazyPage<ManagedPageProps>(
  async () => (await import('./rules-page.tsx')).RulesPage,
  {
    en: async () => (await import('./texts-en.ts')).rulesEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).rulesZhCn,
  },
);
