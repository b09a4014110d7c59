import type { PageTexts } from '../../texts/i18n.ts';
import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { FactorNeededProps } from './factor-needed.tsx';

const texts: PageTexts = {
  en: async () => (await import('./texts-en.ts')).accountEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).accountZhCn,
};

/** The page of one's own account, when somebody opens it. */
export const accountPage = lazyPage<ManagedPageProps>(
  async () => (await import('./account-page.tsx')).AccountPage,
  texts,
);

/** What comes before the console for who has to set up a second factor. */
export const factorNeededPage = lazyPage<FactorNeededProps>(
  async () => (await import('./factor-needed.tsx')).FactorNeeded,
  texts,
);
