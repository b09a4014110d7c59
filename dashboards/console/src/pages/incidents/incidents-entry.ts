import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** Incidents: those that go on, and one with all that is known of it. */
export const incidentsPage = lazyPage<ManagedPageProps>(
  async () => (await import('./incidents-page.tsx')).IncidentsPage,
  {
    en: async () => (await import('./texts-en.ts')).incidentsEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).incidentsZhCn,
  },
);
