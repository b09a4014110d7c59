import type { PasskeyMade } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { passkeyHindrance } from '../../api/passkey-hindrance.ts';
import { createPasskey } from '../../api/passkeys.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../ask-first.tsx';
import { Field } from '../field.tsx';
import { useLoaded } from '../use-loaded.ts';
import type { factorEn } from './factor-texts-en.ts';
import { ProofField } from './proof-field.tsx';

export interface PasskeySetupFormProps {
  readonly ask: Ask;
  readonly onMade: (made: PasskeyMade) => Promise<void>;
}

/** Sets a passkey up, or says why this page cannot. */
export function PasskeySetupForm({ ask, onMade }: PasskeySetupFormProps) {
  const { t } = usePageTexts<typeof factorEn>();
  const load = useCallback(() => call(ask, 'GET /session/methods'), [ask]);
  const { value: methods } = useLoaded(load);
  if (!methods) return null;
  const hindrance = passkeyHindrance(methods.passkey);
  if (hindrance !== null)
    return (
      <p className="muted" data-testid="passkey-hindrance" data-why={hindrance}>
        {t(`account.passkeyHindrance.${hindrance}`, { origin: methods.passkey?.origin ?? '' })}
      </p>
    );
  return (
    <AskFirst
      button={t('account.passkeyBegin')}
      testId="passkey-begin"
      danger={false}
      title={t('account.passkeyBegin')}
      text={t('account.passkeyText')}
      onConfirm={async (fields) => {
        const step = await call(ask, 'POST /account/passkeys/begin', {
          body: {
            password: String(fields.get('proof') ?? ''),
          },
        });
        const response = await createPasskey(step.options);
        const label = String(fields.get('label') ?? '').trim();
        await onMade(await call(ask, 'POST /account/passkeys', { body: { label, response } }));
      }}
    >
      <Field
        label={t('account.passkeyLabel')}
        {...{ name: 'label', required: true, maxLength: 60, autoComplete: 'off' }}
        data-testid="passkey-label"
      />
      <ProofField />
    </AskFirst>
  );
}
