import type { AccountFactor, OwnAccount, RecoveryCodes } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../ask-first.tsx';
import { ShownOnce } from '../shown-once.tsx';
import type { factorEn } from './factor-texts-en.ts';
import { PasskeySetupForm } from './passkey-setup-form.tsx';
import { ProofField } from './proof-field.tsx';
import { TotpSetupForm } from './totp-setup-form.tsx';

export interface FactorPartProps {
  readonly ask: Ask;
  readonly account: OwnAccount;
  /** Something was set up or removed. */
  readonly onChanged: () => Promise<void>;
}

/** The second factors of somebody: what there is, how to set one up, and recovery codes. */
export function FactorPart(props: FactorPartProps) {
  const { t } = usePageTexts<typeof factorEn>();
  return (
    <section className="managed-part" aria-labelledby="account-factors">
      <h3 id="account-factors">{t('account.factors')}</h3>
      {props.account.byProvider ? (
        <p data-testid="factors-provider">{t('account.byProvider')}</p>
      ) : (
        <OwnFactors {...props} />
      )}
    </section>
  );
}

function OwnFactors({ ask, account, onChanged }: FactorPartProps) {
  const { t, language } = usePageTexts<typeof factorEn>();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const kindOf = ({ kind }: AccountFactor) =>
    t(kind === 'totp' ? 'account.factorTotp' : 'account.factorPasskey');
  const show = async ({ recoveryCodes }: RecoveryCodes) => {
    if (recoveryCodes.length > 0) setCodes(recoveryCodes);
    await onChanged();
  };
  return (
    <>
      <p>
        {t('account.factorsWhy')} {account.factorRequired && <b>{t('account.factorsRequired')}</b>}
      </p>
      {codes !== null && (
        <ShownOnce
          label={t('account.codes')}
          value={codes.join('\n')}
          testId="recovery-codes"
          onDone={() => setCodes(null)}
        >
          <p>{t('account.codesHow')}</p>
        </ShownOnce>
      )}
      {account.factors.length === 0 && <p data-testid="factors-none">{t('account.factorsNone')}</p>}
      <ul className="managed-list">
        {account.factors.map((factor) => (
          <li key={factor.id} data-testid="factor" data-kind={factor.kind}>
            <span>
              <b>{factor.label || kindOf(factor)}</b>{' '}
              <small className="muted">
                {kindOf(factor)},{' '}
                {t('account.factorSince', { time: minuteTime(factor.createdAt, undefined, language) })}
              </small>
            </span>
            <AskFirst
              button={t('account.factorRemove')}
              testId="factor-remove"
              title={t('account.factorRemoveTitle', { label: factor.label || kindOf(factor) })}
              text={t('account.factorRemoveText')}
              onConfirm={async (fields) => {
                await call(ask, 'POST /account/factors/{id}/remove', {
                  params: { id: factor.id },
                  body: { password: String(fields.get('proof') ?? '') },
                });
                await onChanged();
              }}
            >
              <ProofField />
            </AskFirst>
          </li>
        ))}
      </ul>
      <TotpSetupForm
        ask={ask}
        isReplacing={account.factors.some(({ kind }) => kind === 'totp')}
        onConfirmed={show}
      />
      <PasskeySetupForm ask={ask} onMade={show} />
      {account.factors.length > 0 && (
        <>
          <p data-testid="codes-left">{t('account.codesLeft', { count: account.recoveryCodes })}</p>
          <AskFirst
            button={t('account.codesRenew')}
            testId="codes-renew"
            danger={false}
            title={t('account.codesRenew')}
            text={t('account.codesRenewText')}
            onConfirm={async (fields) =>
              show(
                await call(ask, 'POST /account/recovery-codes', {
                  body: { password: String(fields.get('proof') ?? '') },
                }),
              )
            }
          >
            <ProofField />
          </AskFirst>
        </>
      )}
    </>
  );
}
