import { lazyPage } from '../manage/lazy-page.ts';
import type { ManagedPageProps } from '../manage/sections.ts';

/** The page of the audit log, when somebody opens it. */
export const auditPage = lazyPage<ManagedPageProps>(
  async () => (await import('./audit-page.tsx')).AuditPage,
  {
    en: async () => (await import('./texts-en.ts')).auditEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).auditZhCn,
  },
);
