import { lazyPage } from '../../../ui/lazy-page.ts';
import type { QuietCardProps } from './quiet-card.tsx';

/** The card of what keeps an alert quiet, when one is shown to who may do something about it. */
export const quietCard = lazyPage<QuietCardProps>(
  async () => (await import('./quiet-card.tsx')).QuietCardPanel,
  {
    en: async () => (await import('../../../ui/silences/texts-en.ts')).silencesEn,
    'zh-CN': async () => (await import('../../../ui/silences/texts-zh-cn.ts')).silencesZhCn,
  },
);
