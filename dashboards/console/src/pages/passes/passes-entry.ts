import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { LinkedPassProps } from './linked-pass.tsx';

const texts = {
  en: async () => (await import('./texts-en.ts')).passesEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).passesZhCn,
};

/** The page of the passes, when somebody opens it. */
export const passesPage = lazyPage<ManagedPageProps>(
  async () => (await import('./passes-page.tsx')).PassesPage,
  texts,
);

/** Where the link of a visitor leads. */
export const linkedPassPage = lazyPage<LinkedPassProps>(
  async () => (await import('./linked-pass.tsx')).LinkedPassPage,
  texts,
);
