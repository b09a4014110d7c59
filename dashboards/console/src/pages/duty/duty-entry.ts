import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** The page of who is on duty, when somebody opens it. */
export const dutyPage = lazyPage<ManagedPageProps>(async () => (await import('./duty-page.tsx')).DutyPage, {
  en: async () => (await import('./texts-en.ts')).dutyEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).dutyZhCn,
});
