import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of the audit log, when somebody opens it. */
export const auditPage = lazyPage<ManagedPageProps>(
  async () => (await import('./audit-page.tsx')).AuditPage,
  {
    en: async () => (await import('./texts-en.ts')).auditEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).auditZhCn,
  },
);
