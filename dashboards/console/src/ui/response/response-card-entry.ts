import { lazyPage } from '../lazy-page.ts';
import type { ResponseCardProps } from './response-card.tsx';
import { responseTexts } from './response-texts.ts';

/** Who answers to an alert, where it is shown. */
export const responseCard = lazyPage<ResponseCardProps>(
  async () => (await import('./response-card.tsx')).ResponseCardPanel,
  responseTexts,
);
