import { usePageTexts } from '../../texts/texts.tsx';
import { LongField } from '../../ui/field.tsx';
import type { listsEn } from './texts-en.ts';

/** Why somebody does it; it stands in the audit log. */
export function ReasonField() {
  const { t } = usePageTexts<typeof listsEn>();
  return (
    <LongField
      label={t('lists.why')}
      {...{ name: 'reason', required: true, minLength: 3, maxLength: 1_000 }}
      data-testid="step-reason"
    />
  );
}
