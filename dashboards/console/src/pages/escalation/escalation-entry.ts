import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of the steps by which people are told, when somebody opens it. */
export const escalationPage = lazyPage<ManagedPageProps>(
  async () => (await import('./escalation-page.tsx')).EscalationPage,
  {
    en: async () => (await import('./texts-en.ts')).escalationEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).escalationZhCn,
  },
);
