import type { Receiver } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { codeText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Field } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { receiversEn } from './texts-en.ts';

export interface VerifyContactProps {
  readonly ask: Ask;
  readonly receiver: Receiver;
  readonly onChanged: () => Promise<void>;
}

/** A code is sent to the receiver of a person, and what they read there is typed in. */
export function VerifyContact({ ask, receiver: { id, site, name }, onChanged }: VerifyContactProps) {
  const texts = usePageTexts<typeof receiversEn>();
  const { t } = texts;
  const action = useAction();
  const [isSent, setIsSent] = useState(false);
  const of = { params: { id }, query: { site } };
  const send = async () => {
    const { outcome, code } = await call(ask, 'POST /receivers/{id}/code', of);
    setIsSent(outcome === 'sent');
    if (outcome !== 'sent') throw new Error(code ?? '');
  };
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() =>
          void action.run(send).then((isWell) => {
            if (!isWell) action.refuse(codeText(texts, 'notify.unreachable'));
          })
        }
        data-pending={action.busy || undefined}
        data-testid="receiver-code"
      >
        {t('receivers.sendCode')}
      </button>
      <p className="problem" role="alert" data-testid="receiver-code-problem">
        {action.problem}
      </p>
      {isSent && (
        <AskFirst
          button={t('receivers.typeCode')}
          testId="receiver-verify"
          title={t('receivers.typeCode')}
          text={t('receivers.codeText', { name })}
          danger={false}
          onConfirm={async (fields) => {
            const code = String(fields.get('code') ?? '').trim();
            await call(ask, 'POST /receivers/{id}/verify', { ...of, body: { code } });
            await onChanged();
          }}
        >
          <Field
            label={t('receivers.code')}
            {...{ name: 'code', required: true, inputMode: 'numeric', pattern: '[0-9]{6}', maxLength: 6 }}
            autoComplete="one-time-code"
            data-testid="receiver-verify-code"
          />
        </AskFirst>
      )}
    </>
  );
}
