import { lazyPage } from '../../../ui/lazy-page.ts';
import type { CandidateCardProps } from './candidate-card.tsx';

/** The card of a face candidate, when an alert is about one. */
export const candidateCard = lazyPage<CandidateCardProps>(
  async () => (await import('./candidate-card.tsx')).CandidateCardPanel,
  {
    en: async () => (await import('./texts-en.ts')).candidateEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).candidateZhCn,
  },
);
