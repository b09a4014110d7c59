import { usePageTexts } from '../../texts/texts.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import { EntryText } from './entry-fields.tsx';

/** How large a plan is. */
export function PlanSize() {
  const { t } = usePageTexts<typeof drawingEn>();
  const size = { kind: 'number', least: 1, most: 10_000, required: true } as const;
  return (
    <>
      <EntryText at={['widthM']} label={t('site.width')} {...size} />
      <EntryText at={['heightM']} label={t('site.height')} {...size} />
    </>
  );
}
