import { usePageTexts } from '../../texts/texts.tsx';
import type { responseEn } from '../../ui/response/texts-en.ts';

/** Says how old a position is. */
export function useAge(): (seconds: number) => string {
  const { t } = usePageTexts<typeof responseEn>();
  return (seconds) =>
    seconds < 90
      ? t('response.ageSeconds', { count: seconds })
      : t('response.ageMinutes', { count: Math.round(seconds / 60) });
}
