import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../field.tsx';
import type { factorEn } from './factor-texts-en.ts';

/** Who changes what protects an account shows the password again. */
export function ProofField() {
  const { t } = usePageTexts<typeof factorEn>();
  return (
    <Field
      label={t('account.proof')}
      {...{ name: 'proof', type: 'password', required: true, maxLength: 256 }}
      autoComplete="current-password"
      data-testid="proof"
    />
  );
}
