import type { RecoveryCodes, TotpSetup } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../ask-first.tsx';
import { Field } from '../field.tsx';
import { QrPicture } from '../qr/qr-picture.tsx';
import { Submit } from '../submit.tsx';
import { useAction } from '../use-action.ts';
import type { factorEn } from './factor-texts-en.ts';
import { ProofField } from './proof-field.tsx';

export interface TotpSetupFormProps {
  readonly ask: Ask;
  /** There is an app already: the new one takes its place. */
  readonly isReplacing: boolean;
  readonly onConfirmed: (codes: RecoveryCodes) => Promise<void>;
}

/** Sets an authenticator app up: its secret as a picture and to type, until a code of it confirms it. */
export function TotpSetupForm({ ask, isReplacing, onConfirmed }: TotpSetupFormProps) {
  const { t } = usePageTexts<typeof factorEn>();
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const action = useAction();
  async function confirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code') ?? '');
    await action.run(async () => {
      const codes = await call(ask, 'POST /account/totp/confirm', { body: { code } });
      setSetup(null);
      await onConfirmed(codes);
    });
  }
  const begin = t(isReplacing ? 'account.totpReplace' : 'account.totpBegin');
  if (setup === null) {
    return (
      <AskFirst
        button={begin}
        testId="totp-begin"
        danger={false}
        title={begin}
        text={t(isReplacing ? 'account.totpReplaceText' : 'account.factorsWhy')}
        onConfirm={async (fields) =>
          setSetup(
            await call(ask, 'POST /account/totp', { body: { password: String(fields.get('proof') ?? '') } }),
          )
        }
      >
        <ProofField />
      </AskFirst>
    );
  }
  return (
    <form className="managed-form" onSubmit={(event) => void confirm(event)} data-testid="totp-setup">
      <p>{t('account.totpScan')}</p>
      <QrPicture text={setup.uri} label={t('account.totpPicture')} />
      <p>
        {t('account.totpKey')}: <code className="mono">{setup.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <Field
        label={t('account.totpCode')}
        {...{ name: 'code', inputMode: 'numeric', required: true, maxLength: 16, pattern: '[0-9 ]*' }}
        autoComplete="one-time-code"
        data-testid="totp-code"
      />
      <Submit action={action} label={t('account.totpConfirm')} testId="totp-confirm" />
      <button type="button" className="button" onClick={() => setSetup(null)}>
        {t('account.totpCancel')}
      </button>
    </form>
  );
}
